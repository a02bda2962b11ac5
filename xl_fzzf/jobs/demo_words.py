"""What the demo's offices write: no two of them the same, as they would in earnest."""

from __future__ import annotations

import random

_WHEN = (
    "{month}月上旬召开党组会专门研究本项工作",
    "年初印发任务清单并逐项分解到股室",
    "主要负责人{month}月带队到基层督查一次",
    "由分管领导牵头成立了{n}人的工作专班",
    "结合主题教育对照方案开展了自查",
    "{month}月中旬与法律顾问一起梳理了问题",
    "把本项工作列入股室年度目标考核内容",
    "按季度向区委依法治区办报告推进情况",
    "参照兄弟区县做法修订了内部工作规程",
    "会同有关单位建立了信息共享联络机制",
    "收到任务后即明确一名联络员专门负责",
    "半年总结会上对照指标通报了推进进度",
)
_WHAT = (
    "组织业务培训{n}人次并安排了闭卷测试",
    "排查出薄弱环节{n}处并建立整改台账",
    "在服务大厅摆放宣传资料{n}份供群众取阅",
    "抽查办结案卷{n}件并当面反馈评查意见",
    "走访企业和村社{n}家听取意见建议",
    "清理历年文件{n}件并公布了保留目录",
    "修订工作制度{n}项且均已上墙公示",
    "更新政务网站栏目信息{n}条次",
    "为基层解答政策法律咨询{n}人次",
    "配合上级部门开展联合检查{n}次",
    "选派骨干{n}名参加市里跟班学习",
    "录入业务系统数据{n}条并完成核对",
)
_RESULT = (
    "发现的短板已经全部整改销号",
    "群众办事等候时间比去年明显缩短",
    "多数事项实现了就近一次办结",
    "内部审批环节得到进一步压减",
    "没有发生因程序不当引起的复议",
    "案卷质量较上半年有较大提高",
    "干部职工依法办事意识普遍增强",
    "相关经验被区里简报刊发推广",
    "历史遗留的疑难件已化解大半",
    "服务对象回访反映总体较为满意",
    "形成的工作规范已在全系统施行",
    "档案资料做到了一事一卷可查可溯",
)
_NEXT = (
    "下一步重点抓好年底考核前的查漏补缺",
    "后续将把好的做法固化为长效制度",
    "还需在乡镇一级继续加大指导力度",
    "拟在下季度邀请第三方开展一次评估",
    "将继续争取经费用于信息系统升级",
    "准备于{month}月底前完成资料归档",
    "计划再组织一次面向窗口人员的轮训",
    "仍要加强与司法所的日常衔接配合",
    "余下事项已逐条明确责任人和时间",
    "今后每月由办公室汇总一次进展",
    "同时着手编制明年的重点任务安排",
    "对个别进度慢的股室已当面提醒",
)
_SLOTS = (_WHEN, _WHAT, _RESULT, _NEXT)


class Words:
    """Texts made of phrases; `tell` never puts the same phrases together twice."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._told: set[tuple[str, ...]] = set()

    def tell(self) -> str:
        """What an office did, how it came out, and what is next."""
        while (phrases := tuple(self._chance.choice(slot) for slot in _SLOTS)) in self._told:
            pass
        self._told.add(phrases)
        return self._filled(f"{','.join(phrases[:2])};{','.join(phrases[2:])}。")

    def choose(self, choices: tuple[str, ...]) -> str:
        """One of some phrases, with numbers of its own."""
        return self._filled(self._chance.choice(choices))

    def _filled(self, phrase: str) -> str:
        return phrase.format(month=self._chance.randint(3, 9), n=self._chance.randint(2, 40))
