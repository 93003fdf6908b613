package import TocsinModel

/// Whether the daemon is ready, and each reason why not as one line of text (`/readyz`).
package struct ReadyReport: Sendable, Equatable {
    package var isReady: Bool
    package var reasons: [String]

    package init(isReady: Bool, reasons: [String]) {
        self.isReady = isReady
        self.reasons = reasons
    }
}

/// Which alarms, streams or rules are asked for: a part of a list, in the source's order.
package struct ListQuery: Sendable, Equatable {
    /// Only names that begin so; nil = all. Of an alarm: its stream's name.
    package var prefix: String?
    /// Entries to skip.
    package var offset: Int
    /// Entries at most; never above `ConsoleLimits.pageEntries`.
    package var limit: Int

    package init(prefix: String? = nil, offset: Int = 0, limit: Int = 1000) {
        self.prefix = prefix
        self.offset = offset
        self.limit = limit
    }
}

/// Which samples are asked for: the newest of one stream.
package struct SampleQuery: Sendable, Equatable {
    /// The stream's name, as it came: it need not exist.
    package var stream: String
    /// Samples at most.
    package var limit: Int

    package init(stream: String, limit: Int) {
        self.stream = stream
        self.limit = limit
    }
}

/// Which events of the alert log are asked for. All given conditions must hold.
package struct EventQuery: Sendable, Equatable {
    /// Only events with a greater `seq`.
    package var after: UInt64?
    package var limit: Int
    /// The newest come first; otherwise the oldest of those that match.
    package var newestFirst: Bool
    package var stream: String?
    package var rule: String?
    package var alarm: String?
    package var event: String?
    /// Event time (`ts_ms`) at or after, and before.
    package var since: Timestamp?
    package var until: Timestamp?

    package init(
        after: UInt64? = nil, limit: Int = 100, newestFirst: Bool = true, stream: String? = nil,
        rule: String? = nil, alarm: String? = nil, event: String? = nil, since: Timestamp? = nil,
        until: Timestamp? = nil
    ) {
        self.after = after
        self.limit = limit
        self.newestFirst = newestFirst
        self.stream = stream
        self.rule = rule
        self.alarm = alarm
        self.event = event
        self.since = since
        self.until = until
    }
}

/// What a person can do to an alarm; raw values are the last part of the path (contract §9).
package enum AlarmVerb: String, Sendable, CaseIterable {
    case acknowledge, reset, shelve, unshelve, suppress, unsuppress
    case outOfService = "out-of-service"
    case inService = "in-service"
}

/// One person's command to one alarm.
package struct AlarmCommand: Sendable, Equatable {
    package var verb: AlarmVerb
    /// The alarm's `{id}`, as it came: it need not exist.
    package var alarmID: String
    /// Who says so: the body's `by`, else the token's name, else `local`.
    package var by: String
    package var reason: String?
    /// How long a shelf or a suppression lasts, the body's `for`; nil = the site's default.
    package var duration: Span?
    /// The way the command came: `token NAME` or `unix socket`.
    package var through: String

    package init(
        verb: AlarmVerb, alarmID: String, by: String, reason: String? = nil,
        duration: Span? = nil, through: String
    ) {
        self.verb = verb
        self.alarmID = alarmID
        self.by = by
        self.reason = reason
        self.duration = duration
        self.through = through
    }
}

/// What became of a command.
package enum CommandOutcome: Sendable, Equatable {
    /// Done; the event as JSON. Answered with 200.
    case accepted(event: [UInt8])
    /// The alarm's state does not allow it (contract §4). Answered with 409.
    case refused(reason: String)
    /// No such alarm. Answered with 404.
    case unknownAlarm
    /// The daemon could not take the command now. Answered with 503.
    case unavailable(reason: String)
}

/// What a person can do to a receiver; raw values are the last part of the path.
package enum ReceiverVerb: String, Sendable, CaseIterable {
    case pause, resume, retry
}

/// One person's command to one receiver.
package struct ReceiverCommand: Sendable, Equatable {
    package var verb: ReceiverVerb
    /// The receiver's name, as it came: it need not exist.
    package var receiver: String
    /// Who says so: the body's `by`, else the token's name, else `local`.
    package var by: String
    package var reason: String?
    /// The way the command came: `token NAME` or `unix socket`.
    package var through: String

    package init(
        verb: ReceiverVerb, receiver: String, by: String, reason: String? = nil, through: String
    ) {
        self.verb = verb
        self.receiver = receiver
        self.by = by
        self.reason = reason
        self.through = through
    }
}

/// What became of a receiver's command.
package enum ReceiverOutcome: Sendable, Equatable {
    /// Handed to the receiver's thread. Answered with 200.
    case accepted
    /// No such receiver. Answered with 404 and the known names.
    case unknownReceiver(known: [String])
}

/// What became of a reload.
package enum ReloadOutcome: Sendable, Equatable {
    /// The hash of the rules now in force. Answered with 200.
    case reloaded(rules: String)
    /// The findings as `check` prints them. Answered with 409.
    case refused(findings: String)
    /// No answer in time. Answered with 503.
    case unavailable(reason: String)
}

/// What the console shows and operates, as closures of the daemon. They are called from several
/// threads at once; those that are not `async` return soon, without waiting for the engine.
package struct ConsoleSource: Sendable {
    package var ready: @Sendable () -> ReadyReport
    /// The metrics in the Prometheus text format, see `PrometheusText`.
    package var metrics: @Sendable () -> [UInt8]
    /// JSON `{"alarms":[…],"total":N}`: each with the members of contract §7 that it has.
    package var alarms: @Sendable (ListQuery) -> [UInt8]
    package var streams: @Sendable (ListQuery) -> [UInt8]
    /// JSON `{"stream":…,"samples":[…],"total":N}`, oldest first, as the stream's ring has them;
    /// nil = there is no such stream. Answered with 404.
    package var samples: @Sendable (SampleQuery) -> [UInt8]?
    package var rules: @Sendable (ListQuery) -> [UInt8]
    /// JSON `{"events":[…]}` of the log's own lines.
    package var events: @Sendable (EventQuery) -> [UInt8]
    package var status: @Sendable () -> [UInt8]
    /// JSON `{"receivers":[…],"total":N}`: where each stands and what waits for it.
    package var receivers: @Sendable (ListQuery) -> [UInt8]
    package var receiverCommand: @Sendable (ReceiverCommand) -> ReceiverOutcome
    /// Reads rules, inventory and decode entries anew, as SIGHUP does.
    package var reload: @Sendable () async -> ReloadOutcome
    /// Bounded in time by the daemon: `unavailable` when the engine does not answer.
    package var command: @Sendable (AlarmCommand) async -> CommandOutcome
    /// The commands that this daemon carries out; others are answered with 501.
    package var verbs: [AlarmVerb]
    package var live: LiveFeed

    package init(
        ready: @escaping @Sendable () -> ReadyReport,
        metrics: @escaping @Sendable () -> [UInt8],
        alarms: @escaping @Sendable (ListQuery) -> [UInt8],
        streams: @escaping @Sendable (ListQuery) -> [UInt8],
        rules: @escaping @Sendable (ListQuery) -> [UInt8],
        events: @escaping @Sendable (EventQuery) -> [UInt8],
        status: @escaping @Sendable () -> [UInt8],
        command: @escaping @Sendable (AlarmCommand) async -> CommandOutcome,
        verbs: [AlarmVerb] = [.acknowledge, .reset],
        receivers: @escaping @Sendable (ListQuery) -> [UInt8] = { _ in
            Array("{\"receivers\":[],\"total\":0}".utf8)
        },
        receiverCommand: @escaping @Sendable (ReceiverCommand) -> ReceiverOutcome = { _ in
            .unknownReceiver(known: [])
        },
        samples: @escaping @Sendable (SampleQuery) -> [UInt8]? = { _ in nil },
        reload: @escaping @Sendable () async -> ReloadOutcome = {
            .unavailable(reason: "there is nothing to reload here")
        },
        live: LiveFeed
    ) {
        self.ready = ready
        self.metrics = metrics
        self.alarms = alarms
        self.streams = streams
        self.samples = samples
        self.rules = rules
        self.events = events
        self.status = status
        self.command = command
        self.verbs = verbs
        self.receivers = receivers
        self.receiverCommand = receiverCommand
        self.reload = reload
        self.live = live
    }
}
