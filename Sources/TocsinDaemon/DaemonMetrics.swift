import TocsinConsole
import TocsinDelivery
import TocsinEngine
import TocsinIngest
import TocsinModel
import TocsinRing

/// The exposition of `/metrics` (contract §9). Each number is counted where it happens; the two
/// identities hold because `Flow` is read in one piece.
struct DaemonMetrics {
    let shared: SharedState
    let deliverers: Deliverers
    let live: LiveFeed

    func text() -> [UInt8] {
        var text = PrometheusText()
        let flow = shared.flow.snapshot
        frames(flow, &text)
        samples(flow, &text)
        engine(&text)
        brokers(&text)
        log(&text)
        delivery(&text)
        return text.bytes
    }

    private func frames(_ flow: Flow.Counts, _ text: inout PrometheusText) {
        let ingest = flow.ingest
        text.counter(
            "tocsin_frames_received_total", "MQTT messages of the configured subscriptions.",
            ingest.framesReceived)
        text.counter(
            "tocsin_frames_decoded_total", "Messages that gave at least one sample.",
            ingest.framesDecoded)
        text.counter(
            "tocsin_frames_rejected_total", "Messages rejected as a whole, by reason.",
            RejectReason.allCases.map { reason in
                MetricSample(
                    ingest.rejected[Int(reason.rawValue)],
                    labels: [MetricLabel("reason", reason.word)])
            })
    }

    private func samples(_ flow: Flow.Counts, _ text: inout PrometheusText) {
        text.counter("tocsin_samples_total", "Samples taken from messages.", flow.ingest.samples)
        text.counter(
            "tocsin_samples_evaluated_total", "Samples that the rules have seen.", flow.evaluated)
        text.counter(
            "tocsin_samples_dropped_total", "Samples not evaluated, by reason.",
            DropReason.allCases.map { reason in
                MetricSample(
                    flow.ingest.dropped[Int(reason.rawValue)],
                    labels: [MetricLabel("reason", reason.word)])
            })
        text.gauge(
            "tocsin_samples_in_flight", "Samples between the sequencer and the engine.",
            Double(flow.inFlight))
        text.counter(
            "tocsin_recovered_inputs_total", "Inputs recovered from the journal at start.", 0)
        text.gauge("tocsin_streams", "Streams known.", Double(shared.names.count))
        text.counter(
            "tocsin_streams_refused_total", "Declarations refused by limits.streams.",
            flow.ingest.streamsRefused)
        text.counter(
            "tocsin_quality_words_unknown_total", "Readings whose quality word is not known.",
            flow.ingest.unknownQualityWords)
    }

    private func engine(_ text: inout PrometheusText) {
        let view = shared.view.snapshot
        text.gauge(
            "tocsin_alarms_active", "Alarms whose condition holds or that are latched.",
            Priority.allCases.map { priority in
                MetricSample(
                    Double(view.active[priority] ?? 0),
                    labels: [MetricLabel("priority", priority.word)])
            })
        text.counter(
            "tocsin_events_total", "Events said, by kind.",
            EventKind.allCases.map { kind in
                MetricSample(view.events[kind] ?? 0, labels: [MetricLabel("event", kind.word)])
            })
        text.counter(
            "tocsin_samples_late_total", "Samples older than their stream's newest.",
            view.counts.lateSamples)
        text.counter(
            "tocsin_samples_bad_time_total", "Samples evaluated at arrival for a bad time stamp.",
            view.counts.badTimes)
        text.counter(
            "tocsin_rule_evaluations_total", "Conditions evaluated.", view.counts.evaluations)
        text.gauge(
            "tocsin_order_ring_records", "Records that wait for the engine.",
            Double(shared.ring.count))
        text.gauge(
            "tocsin_order_ring_capacity", "Records the order ring holds.",
            Double(shared.ring.capacity))
    }

    private func brokers(_ text: inout PrometheusText) {
        let brokers = shared.brokers.brokers
        func labels(_ name: String) -> [MetricLabel] { [MetricLabel("broker", name)] }
        text.gauge(
            "tocsin_broker_up", "1 while all subscriptions of the broker are confirmed.",
            brokers.map {
                MetricSample($0.standing == .subscribed ? 1.0 : 0, labels: labels($0.name))
            })
        text.counter(
            "tocsin_broker_losses_total", "Connections lost or refused.",
            brokers.map { MetricSample($0.losses, labels: labels($0.name)) })
        text.gauge(
            "tocsin_broker_dropped_messages", "Messages that the broker says it has dropped.",
            brokers.map { MetricSample($0.dropped ?? 0, labels: labels($0.name)) })
    }

    private func log(_ text: inout PrometheusText) {
        let stats = shared.logStats.snapshot
        text.counter("tocsin_log_entries_total", "Entries appended.", stats.entries)
        text.counter("tocsin_log_commits_total", "Commits (one fsync each).", stats.commits)
        text.counter("tocsin_log_failures_total", "Commits that failed.", stats.failures)
        text.gauge("tocsin_log_head", "Sequence number of the newest entry.", Double(stats.head))
        let live = self.live.counts
        text.gauge("tocsin_live_clients", "Clients of the live events.", Double(live.clients))
        text.counter("tocsin_live_dropped_total", "Clients dropped for being slow.", live.dropped)
    }

    private func delivery(_ text: inout PrometheusText) {
        let lanes = deliverers.snapshot()
        func labels(_ lane: LaneSnapshot) -> [MetricLabel] {
            [MetricLabel("receiver", lane.name)]
        }
        text.gauge(
            "tocsin_outbox_entries", "Entries of the log not yet delivered.",
            lanes.map { MetricSample(Double($0.outboxEntries), labels: labels($0)) })
        text.counter(
            "tocsin_deliveries_total", "Entries delivered (2xx).",
            lanes.map { MetricSample($0.delivered, labels: labels($0)) })
        text.counter(
            "tocsin_delivery_attempts_total", "Requests made.",
            lanes.map { MetricSample($0.attempts, labels: labels($0)) })
        text.counter(
            "tocsin_delivery_failures_total", "Requests that failed, by reason.",
            lanes.flatMap { lane in
                FailureReason.allCases.map { reason in
                    MetricSample(
                        lane.failures[reason] ?? 0,
                        labels: labels(lane) + [MetricLabel("reason", reason.rawValue)])
                }
            })
        histogram(lanes, &text)
    }

    /// Received → 2xx over all receivers: buckets are summed bucket by bucket.
    private func histogram(_ lanes: [LaneSnapshot], _ text: inout PrometheusText) {
        let bounds = LatencyHistogram.bounds
        var counts = [UInt64](repeating: 0, count: bounds.count + 1)
        var sum = 0.0
        for lane in lanes {
            var below: UInt64 = 0
            for (position, cumulative) in lane.latency.cumulative.enumerated() {
                counts[position] += cumulative - below
                below = cumulative
            }
            counts[bounds.count] += lane.latency.count - below
            sum += lane.latency.sum
        }
        text.histogram(
            "tocsin_delivery_seconds", "From reading the message to the receiver's 2xx.",
            bounds: bounds, counts: counts, sum: sum)
    }
}
