package import TocsinModel

/// Every bound of a lane in one place, each with its reason; tests make them small.
package struct DeliveryLimits: Sendable {
    /// Entries a lane looks ahead to find the most urgent one: a flood of ten minutes at the
    /// seven a second of EEMUA 191's worst case, and small enough to be searched per request.
    package var windowEntries = 4096
    /// Bytes of lines the window may hold, so that a dead receiver costs a known amount of memory.
    package var windowBytes = 8 << 20
    /// Fire entries kept from beyond a full window, so that a long outage's backlog does not
    /// stand before a fire.
    package var expressEntries = 512
    /// Lines taken from the log in one read.
    package var linesPerRead = 256
    /// Reads beyond a full window in one turn: 4 096 lines are some tens of milliseconds.
    package var expressReads = 16
    /// The pause after the log could not be read.
    package var readPause = Span.seconds(1)
    /// Entries that wait in memory while the log cannot be written.
    package var volatileEntries = 4096
    /// Ids of delivered volatile entries, remembered until the log brings them.
    package var volatileIds = 8192
    /// Reception times waiting for their delivery, for the latency histogram.
    package var hints = 16_384
    /// Probes of `notify-test` waiting in one lane.
    package var probes = 16

    /// Opening a connection, name resolution and TLS included.
    package var connectTimeout = Span.seconds(5)
    /// Bytes of an answer's body that are read before the connection is dropped.
    package var answerBytes = 64 << 10

    /// The pause after the first failure; each further one doubles it.
    package var firstRetry = Span(milliseconds: 500)
    /// The longest pause between attempts after failures that may pass by themselves.
    package var longestRetry = Span.seconds(60)
    /// The longest such pause while a fire waits: it has 10 s to the centre (GB 26875.1 §4.1).
    package var longestFireRetry = Span.seconds(5)
    /// The pause after a refusal that needs a person: 410 and the other 4xx.
    package var slowRetry = Span.seconds(300)
    /// The longest `Retry-After` that is obeyed; a longer one is a mistake or an attack.
    package var longestRetryAfter = Span.seconds(600)
    /// Failures in a row after which a receiver is reported as failing …
    package var failuresBeforeReport = 5
    /// … or the time since the first of them, whichever comes first.
    package var downBeforeReport = Span.seconds(30)

    package init() {}
}
