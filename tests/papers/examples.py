"""Papers to try: the wall of 石墙村, and papers of any size."""

from app.domain.paper import (
    ActionLine,
    ActionList,
    ActionRow,
    ConsensusPaper,
    ConsensusSection,
    Imprint,
    ReservationLine,
    Signer,
    SignInRow,
    SignInSheet,
)

SITTING = "0195e1a0c0007abc8000000000000001"
IMPRINT = Imprint(
    number="石墙〔2026〕3号",
    version=3,
    author="示例县政协",
    footer="校验 4F9C-21",
    sitting_id=SITTING,
    paper="consensus_paper",
)
RARE = "䶮𬱖㛃竜脿鲊淜崀㱔"
LONG = (
    "两户各担一半工钱，村集体出砂石约18立方米；今后凡协商确定的公共安全挡墙，照此办理。挡墙长15米、高2.4米，"
    "基础埋深不少于80厘米，每隔3米留一个直径100毫米的PVC泄水孔（见图2“泄水孔大样”），由二组负责日常清淤。"
)


def wall_consensus() -> ConsensusPaper:
    """The consensus paper of the design picture."""
    return ConsensusPaper(
        title="石墙村15米挡墙院坝协商共识",
        date_line="（2026年3月30日）",
        opening="2026年3月30日，青石乡石墙村在李某丁家院坝召开院坝协商会，就赵某甲、钱某乙两户宅基地高差滑坡、修建15米挡墙一事进行协商。"
        "应到32人，实到27人，其中群众18人、干部4人、政协委员2人、部门3人，王某辛主持。经充分协商，形成以下共识：",
        sections=(
            ConsensusSection(
                "地界怎么认", "以2021年确权图为准，当场钉桩，两户签字认可。", "同意27人，反对0人，弃权0人。"
            ),
            ConsensusSection(
                "挡墙谁出资",
                "两户各担一半工钱，村集体出砂石约18方；今后凡协商确定的公共安全挡墙，照此办理。",
                "同意25人，反对1人，弃权1人。",
                reservations=(
                    ReservationLine("村民代表周某戊", "应先定全村标准，再动用集体砂石。", "标准由村民会议另行讨论。"),
                ),
            ),
            ConsensusSection(
                "墙后的水往哪排",
                "墙脚预留三个泄水孔，接入村里边沟，边沟由二组清淤。",
                "同意15人，反对9人，弃权3人。",
                True,
            ),
        ),
        actions=(
            ActionRow(
                "沿确权界线修15米挡墙，留泄水孔三个",
                "村委会\n王某辛",
                "4月30日",
                "工钱两户各半\n砂石村集体",
                ("王某辛",),
            ),
            ActionRow("界桩坐标报乡备案", "自然资源所\n何某子", "4月3日", "—", ("何某子",)),
            ActionRow("二组边沟清淤至村口", "二组\n李某丁", "4月20日", "投工12个", ("李某丁",)),
        ),
        language_line="已用汉语和傈僳语宣读，到会人员听清无异议。",
        notice="个人信息告知：本页签名、指印仅用于证明本次协商，由村委会和乡政府各存一份。",
        copies_line="本共识一式3份，赵某甲、钱某乙两户各一份，村存一份。",
        signers=(
            Signer("当事人", "赵某甲"),
            Signer("当事人", "钱某乙"),
            Signer("主持", "王某辛"),
            Signer("委员", "孙某丙"),
            Signer("保留意见", "周某戊"),
            Signer("记录"),
        ),
        seals=("村委会盖章处",),
        names=("赵某甲", "钱某乙", "王某辛", "李某丁"),
        imprint=IMPRINT,
    )


def consensus_of(issues: int, actions: int, signers: int) -> ConsensusPaper:
    """A consensus paper of any size."""
    return ConsensusPaper(
        title="关于示例县青石乡石墙村人居环境整治和生活污水治理暨村规民约修订的院坝协商共识",
        date_line="（2026年3月30日）",
        opening=LONG,
        sections=tuple(
            ConsensusSection(f"第{number}件事怎么办", LONG, f"同意{number}人，反对0人，弃权{number % 3}人。")
            for number in range(1, issues + 1)
        ),
        actions=tuple(
            ActionRow(f"任务{number}：{LONG[: 20 + number * 4]}", "自然资源所\n何某子", "12月31日", "县级资金3.5万元")
            for number in range(1, actions + 1)
        ),
        signers=tuple(Signer("当事人", f"赵某{'甲乙丙丁'[number % 4]}") for number in range(signers)),
        seals=("村委会盖章处", "乡人民政府盖章处", "调委会盖章处"),
        imprint=Imprint(draft=True),
    )


def sheet_of(people: int) -> SignInSheet:
    """A sign-in sheet for so many people, some with rare names, one signed for, one with a thumb."""
    notes = {1: "女儿赵某乙代签", 2: "按指印"}
    return SignInSheet(
        title="石墙村15米挡墙院坝协商签到表",
        time="2026年3月30日19时30分",
        place="青石乡石墙村李某丁家院坝",
        rows=tuple(
            SignInRow(
                "欧阳某" + RARE[number % len(RARE)] if number % 5 == 0 else f"赵某{'甲乙丙丁戊己庚'[number % 7]}",
                "石墙村二组" if number % 3 else "示例县自然资源和规划局",
                ("群众", "县政协委员", "村党支部书记、村委会主任")[number % 3],
                notes.get(number, ""),
            )
            for number in range(people)
        ),
        expected=people + 5,
        arrived=people,
        imprint=IMPRINT,
    )


def list_of(actions: int) -> ActionList:
    """An action list with so many tasks."""
    return ActionList(
        title="砚山县维摩乡鱼塘村院坝协商任务分解清单",
        subtitle="2026年3月30日协商活动形成共识4项，分解任务18项",
        rows=tuple(
            ActionLine(
                f"沿确权界线修{number}米挡墙，留泄水孔三个，" + LONG[: 10 + 5 * (number % 5)],
                "二、挡墙谁出资",
                "县自然资源和规划局",
                "乡人民政府\n村委会",
                "何某子",
                "2026年4月30日",
                "县级资金3.5万元，投工120个",
                "刘某" + RARE[number % len(RARE)],
                "雨季前",
            )
            for number in range(1, actions + 1)
        ),
        seals=("县政协办公室盖章处",) if actions else (),
        imprint=IMPRINT,
    )
