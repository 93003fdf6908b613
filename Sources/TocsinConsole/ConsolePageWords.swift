extension ConsolePage {
    /// The page's words, English and Chinese; what is missing shows as the contract's own word.
    static let words = #"""
        const words = {
          standing: ["Standing alarms", "当前报警"], none: ["No standing alarms.", "当前无报警。"],
          recent: ["Recent events", "最近事件"], priority: ["Priority", "优先级"],
          level: ["Level", "预警等级"], state: ["State", "状态"], stream: ["Stream", "测点"],
          value: ["Value / limit", "测量值 / 限值"], limit: ["limit", "限值"],
          since: ["Since", "开始时间"], action: ["What to do", "处置措施"],
          commands: ["Commands", "操作"], acknowledge: ["Acknowledge", "确认"],
          reset: ["Reset", "复位"], cancel: ["Cancel", "取消"], signIn: ["Token…", "令牌…"],
          yourName: ["Your name", "姓名"], reason: ["Reason (optional)", "原因（可选）"],
          token: ["Token", "令牌"], live: ["Live", "实时连接"],
          connecting: ["Connecting…", "正在连接…"], lost: ["Connection lost", "连接中断"],
          lostLong: ["CONNECTION LOST: this table is not current. Last update:",
            "连接中断：下表不是最新状态。最后更新："],
          ended: ["the server ended the stream", "服务器关闭了连接"],
          silent: ["nothing heard for 40 s", "40 秒未收到数据"],
          degraded: ["degraded", "降级判断"], critical: ["critical", "紧急"], high: ["high", "高"],
          medium: ["medium", "中"], low: ["low", "低"], red: ["red", "红色"],
          orange: ["orange", "橙色"], yellow: ["yellow", "黄色"], blue: ["blue", "蓝色"],
          unacknowledged: ["unacknowledged", "未确认"], acknowledged: ["acknowledged", "已确认"],
          "returned-unacknowledged": ["returned, unacknowledged", "已恢复未确认"],
          "latched-unacknowledged": ["latched, unacknowledged", "锁存未确认"],
          "latched-acknowledged": ["latched, acknowledged", "锁存已确认"],
          raised: ["raised", "报警"], cleared: ["cleared", "恢复"],
          escalated: ["escalated", "升级"], "de-escalated": ["de-escalated", "降级"],
          shelved: ["shelved", "搁置"], suppressed: ["suppressed", "抑制"],
          "out-of-service": ["out of service", "停用"], trouble: ["trouble", "故障"],
          supervisory: ["supervisory", "监管"], "early-warning": ["early warning", "早期预警"],
        };

        """#
}
