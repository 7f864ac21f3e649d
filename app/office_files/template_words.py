"""What the parts of papers are called in templates: placeholders are Chinese, for it is a county that writes them."""

from collections.abc import Mapping
from types import MappingProxyType

EACH = ("项", "条", "款", "目")
"""What one of several is called in a loop, from the outermost in."""

WORDS: Mapping[str, str] = MappingProxyType(
    dict(
        line.split()
        for line in """
title 标题
time 时间
place 地点
rows 行
name 名称
unit 单位
role 身份
note 备注
expected 应到
arrived 实到
notice 告知
date_line 日期行
opening 开头
sections 各项共识
heading 小标题
text 正文
tally 表决
below_ratio 未达比例
reservations 保留意见
speaker 发言人
answer 答复
route_line 效力说明
actions 任务
task 任务内容
who 责任
due 期限
share 分担
people 有关人员
closing 结尾
language_line 宣读语言
signers 签字人
label 身份标签
seals 盖章处
copies_line 份数说明
names 姓名
subtitle 副标题
consensus 对应共识
lead_unit 牵头单位
support_units 配合单位
person 责任人
funds 资金来源
supervisor 监督员
settlement 协议
number 文号
parties 当事人
home 住址
household 户
proxy 代理人
facts 事实
terms 协议内容
performance 履行方式
day 日期
lead 引言
responsibility 责任
law_lines 法律说明
law_line 法律说明
copies 份数
mediators 调解员
recorder 记录人
points 要点
source 出处
request 请求
reasons 理由
promise 承诺
court 法院
annexes 附件
demands 要求
slips 交办单
tasks 任务
organ 落款单位
return_words 回执说明
meeting 会议
host 主持人
issues 议题
village 村
matter 事项
sheets 表
fields 栏目
rule 规定
seal 章
folder 卷宗
items 目录
need 要求程度
found 现有
pages 页数
gap 缺什么
keeping 保管
reserved 保留
period 公示期
phone 电话
remarks 意见栏
lines 各行
promised 承诺事项
state 状态
happened 办理情况
sums 合计
mark 红头
number_line 文号行
parts 各部分
paragraphs 各段
lists 名单
sent_to 抄送
note_line 说明
frame 基本情况
guests 到会情况
statements 发言
others 其他发言
incidents 会场情况
ending 散会
vote 表决情况
head 表头
topic 议题
origin 来源
raised 提出日期
category 类别
where 所在地
situation 情况
planned 拟协商时间地点
asked 拟邀请范围
approved 立题日期
opinions 意见
process 办理过程
result 办理结果
proof 佐证
plans 下步打算
agreement 协议编号
reason 回访事由
rounds 各次回访
by 回访人
about 问的是
households 户数
answers 回答
rate 满意率
""".strip().splitlines()
    )
)
