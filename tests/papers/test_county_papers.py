"""The county's own papers: forms that are filled in as far as anything is known, each on a sheet to be signed."""

from app.domain.paper_approval import ApprovalForm
from app.domain.paper_feedback import FeedbackForm
from app.domain.paper_revisit import RevisitRecord, RevisitRound
from app.office_files.template import fill, starter
from app.office_files.word import word
from app.printing import draw, missing_characters
from tests.papers.reading import MM, pages, text_of
from tests.papers.test_word import opened, texts

FOOT = 262.5 * MM
OPINIONS = ("青石乡\n党委意见", "县政协\n专委会意见", "县政协主席\n会议意见", "县委意见\n（重大议题）")


def approval(situation="雨季老墙滑坡，压了下边一家的院子。"):
    return ApprovalForm(
        *("石墙村15米挡墙怎么分摊议题审批表", "院坝协商议题审批表", "石墙村15米挡墙怎么分摊"),
        *("群众反映", "2026年3月2日", "矛盾纠纷", "青石乡石墙村", situation),
        "2026年3月30日19时30分\n青石乡石墙村李某丁家院坝",
        "当事人2人、村民10人；自然资源所、乡司法所共2人。",
        "　　　年　　　月　　　日",
        tuple((label, "") for label in OPINIONS),
        "本表一式两份。",
    )


def squeezed(text):
    return "".join(text.split())


def test_an_approval_form_is_one_sheet_with_a_place_to_sign_in_each_box(fonts):
    (sheet,) = pages(draw(approval(), fonts))
    told = squeezed(sheet.text())

    assert told.count("签字：") == told.count("（盖章）") == len(OPINIONS)
    assert all(part in told for label in OPINIONS for part in label.split("\n"))


def test_the_place_to_sign_is_at_the_foot_of_its_box(fonts):
    (sheet,) = pages(draw(approval(), fonts))
    signed = [row for row in sheet.rows() if "签字：" in "".join(sign.text for sign in row)]

    for row in signed:
        above = max(rule.bottom for rule in sheet.frames if rule.bottom <= row[0].top + 1)
        below = min(rule.bottom for rule in sheet.frames if rule.bottom > row[0].top + 1)
        assert row[0].top - above > 2 * (below - row[0].top - row[0].size)


def test_a_long_story_takes_a_second_sheet_and_loses_nothing(fonts):
    story = "".join(f"第{at}次走访，两家都说了各自的道理。\n" for at in range(1, 40))
    told = squeezed(text_of(draw(approval(story), fonts)))

    assert all(f"第{at}次走访" in told for at in range(1, 40))
    assert told.count("签字：") == len(OPINIONS)


def test_every_character_of_it_can_be_printed(fonts):
    assert missing_characters(approval(), fonts) == ()


def test_as_word_it_says_the_same(fonts):
    told = squeezed(texts(opened(word(approval(), fonts))))

    assert "石墙村15米挡墙怎么分摊" in told
    assert told.count("签字：") == len(OPINIONS)


def feedback(process="2026年4月2日　已放线。", result="■ A　已解决或基本解决\n□ B　正在解决、已经启动"):
    return FeedbackForm(
        *("石墙村任务2办理反馈表", "办理反馈（答复）表", "2026年3月30日，石墙村15米挡墙", "第2项　挡墙修15米"),
        *("二、挡墙谁出资", "青石乡自然资源所", "乡司法所\n石墙村民委员会", "王某辛", "2026年4月30日"),
        *(process, result),
    )


def revisits(count):
    told = RevisitRound("2026年7月18日", "何某子", "这一项任务", "12", ("8", "3", "0", "1", "0"), "91%", "水沟没清。")
    heads = ("很满意", "满意", "一般", "不满意", "说不清")
    return RevisitRecord("任务2回访记录", "回访（回头看）记录", "", "修墙", "已销号。", heads, (told,) * count)


def test_a_reply_form_is_one_sheet_with_its_grades_and_a_place_to_sign(fonts):
    (sheet,) = pages(draw(feedback(), fonts))
    told = squeezed(sheet.text())

    for words in ("办理过程", "已放线", "■A", "□B", "佐证", "下步打算", "负责人签字：", "（盖章）", "经办人"):
        assert words in told
    assert missing_characters(feedback(), fonts) == ()


def test_a_task_of_two_years_has_all_its_progress_on_the_form_page_after_page(fonts):
    process = "\n".join(
        f"2026年{1 + at % 12}月1日　第{at}次到现场看过，施工照图进行，两家都在场，没有新的问题。" for at in range(90)
    )
    sheets = pages(draw(feedback(process), fonts))
    told = squeezed("".join(sheet.text() for sheet in sheets))

    assert len(sheets) > 2
    assert all(f"第{at}次到现场看过" in told for at in range(90))
    assert max(frame.bottom for sheet in sheets for frame in sheet.frames) <= FOOT


def test_each_round_of_a_revisit_has_its_counts_and_who_went_signs(fonts):
    told = squeezed(text_of(draw(revisits(2), fonts)))

    assert told.count("回访人签字：") == told.count("91%") == 2
    assert "很满意" in told


def test_a_round_is_never_torn_between_two_sheets(fonts):
    sheets = [squeezed(sheet.text()) for sheet in pages(draw(revisits(5), fonts))]

    assert len(sheets) > 1
    assert all(sheet.count("回访日期") == sheet.count("回访人签字：") for sheet in sheets)


def test_in_a_template_the_satisfied_share_is_not_called_what_somebody_pays(fonts):
    told = squeezed(texts(opened(fill(starter("revisit_record", fonts), revisits(1)))))

    assert "满意率：91%" in told
    assert "分担" not in told


def test_reply_and_record_are_had_as_word(fonts):
    assert "办理过程" in texts(opened(word(feedback(), fonts)))
    assert "何某子" in texts(opened(word(revisits(1), fonts)))
