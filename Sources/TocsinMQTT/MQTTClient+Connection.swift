import CMosquitto
import Glibc

// The half of MQTTClient that makes, watches and ends connections.

extension MQTTClient {
    func beginAttempt() {
        refusal = nil
        handle.state.pointee.disconnectCode = 0
        handle.startLog()
        onChange(index, .connecting)
        let attempt = ConnectAttempt(handle, settings, waker: waker)
        do {
            try attempt.start()
            phase = .resolving(attempt)
        } catch {
            end(error.description)
        }
    }

    /// Takes the handle back from an attempt that is over.
    func adopt(_ result: ConnectAttempt.Result, now: Int64) {
        guard result.code <= MOSQ_ERR_SUCCESS.code, mosquitto_socket(handle.pointer) >= 0 else {
            let log = handle.state.pointee.log
            phase = .opening(until: now)
            end(Reason.library(result.code, error: result.error, log: log))
            return
        }
        socketNumber += 1
        phase = .opening(until: now + settings.connectTimeoutMilliseconds)
    }

    func tickConnected(now: Int64) {
        if connectedSince == nil { connectedSince = now }
        if let since = connectedSince, now - since >= MQTTClient.steadyMilliseconds {
            backOff.reset()
        }
        guard now >= nextMisc else { return }
        nextMisc = now + MQTTClient.miscMilliseconds
        let code = mosquitto_loop_misc(handle.pointer)
        _ = isAlive(after: code, error: errno)
    }

    func scheduleRetry(now: Int64) { phase = .waiting(until: now + backOff.next()) }

    // EAGAIN alone does not mean drained: queueing an acknowledgement inside the callback writes
    // to the library's own wake-up pipe, which nobody empties here, and leaves EAGAIN behind. So
    // "no callback ran, and EAGAIN" is the sign; packets without a callback (PINGRESP) end in
    // neither and cost one more round.
    func readPackets(limit: Int) -> ReadResult {
        for _ in 0..<limit {
            guard descriptor >= 0 else { return .drained }
            let handled = handle.state.pointee.handled
            var error: Int32 = 0
            let code = tocsin_mosquitto_read(handle.pointer, &error)
            guard isAlive(after: code, error: error) else { return .drained }
            if handle.state.pointee.handled == handled && error == EAGAIN { return .drained }
        }
        return .more
    }

    /// What epoll says of a socket that is still being opened. The library would not notice a
    /// refused connection under TLS: it takes the error for "not yet" and asks again for ever.
    func checkOpening() {
        guard case .opening = phase, descriptor >= 0 else { return }
        let error = tocsin_socket_error(descriptor)
        if error != 0 { end(Reason.systemError(error)) }
    }

    /// Judges what the library returned; false when the connection is over.
    func isAlive(after code: Int32, error: Int32) -> Bool {
        switch phase {
        case .opening, .connected, .closing: break
        case .idle, .resolving, .ended, .waiting, .closed: return false
        }
        let isOpen = mosquitto_socket(handle.pointer) >= 0
        if code == MOSQ_ERR_SUCCESS.code && isOpen {
            guard case .opening = phase, MQTTClient.isFatal(error) else { return true }
            // Under TLS the handshake's own write has taken the socket's error away.
            end(error == EPIPE ? Reason.nobodyThere : Reason.systemError(error))
            return false
        }
        let said = handle.state.pointee.disconnectCode
        if said >= 0x80 {
            end("the broker said: " + Reason.protocolReason(said))
        } else {
            let known = code != MOSQ_ERR_SUCCESS.code ? code : said
            end(Reason.library(known, error: error, log: handle.state.pointee.log))
        }
        return false
    }

    /// Ends a connection or an attempt, for whatever reason, and reports it once.
    func end(_ reason: String) {
        shutdownSocket()
        unconfirmed.removeAll(keepingCapacity: true)
        counters.publishesLost += UInt64(inFlight.dropUnsent())
        handle.stopLog()
        let wasConnected = isConnected
        if case .closing = phase {
            phase = .closed
            return
        }
        phase = .ended
        if wasConnected {
            counters.losses += 1
            onChange(index, .lost(reason: reason))
        } else {
            counters.failedAttempts += 1
            onChange(index, refusal.map { .refused(reason: $0) } ?? .unreachable(reason: reason))
        }
    }

    // The library has no call that drops a connection without DISCONNECT. A socket that is shut
    // down is as good: the next attempt, or mosquitto_destroy, closes it.
    func shutdownSocket() {
        let socket = mosquitto_socket(handle.pointer)
        if socket >= 0 { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    private static func isFatal(_ error: Int32) -> Bool {
        [ECONNREFUSED, ECONNRESET, ECONNABORTED, EPIPE, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH]
            .contains(error)
    }
}

// What the library's callbacks say.

extension MQTTClient {
    func connectAnswered(code: Int32, flags: Int32) {
        guard code == 0 else {
            refusal = Reason.refusedConnection(code, version: settings.version)
            return
        }
        phase = .connected
        counters.connections += 1
        connectedSince = nil
        nextMisc = 0
        handle.stopLog()
        onChange(index, .connected(sessionPresent: flags & 1 != 0))
        subscribeToEverything()
    }

    func subscribeAnswered(message: Int32, granted: Int32?) {
        guard let (filter, isWatch) = unconfirmed.removeValue(forKey: message) else { return }
        let code = granted ?? 0x80
        if code >= 0x80 {
            if !isWatch { isEveryFilterGranted = false }
            let reason =
                settings.version == .v5 ? Reason.protocolReason(code) : "refused by the broker"
            onChange(index, .subscriptionRefused(filter: filter, reason: reason))
        } else if !isWatch && code < Int32(settings.qos) {
            onChange(index, .subscriptionDowngraded(filter: filter, granted: UInt8(code)))
        }
        reportSubscribed()
    }

    func publishAnswered(message: Int32, code: Int32) {
        guard inFlight.end(message) else { return }
        if code >= 0x80 { counters.publishesRefused += 1 } else { counters.acknowledged += 1 }
    }

    // On every connection, also when the session is present: the filters may be new, and the
    // broker's stored states come along (MQTT 5 retain handling 0, as 3.1.1 always does).
    private func subscribeToEverything() {
        unconfirmed.removeAll(keepingCapacity: true)
        isSubscribed = false
        isEveryFilterGranted = true
        let filters =
            settings.subscribe.map { ($0, false, Int32(settings.qos)) }
            + settings.watch.map { ($0, true, Int32(0)) }
        for (filter, isWatch, qos) in filters {
            var message: Int32 = 0
            let code = mosquitto_subscribe(handle.pointer, &message, filter, qos)
            if code == MOSQ_ERR_SUCCESS.code {
                unconfirmed[message] = (filter, isWatch)
            } else {
                if !isWatch { isEveryFilterGranted = false }
                let reason = Reason.library(code, error: errno, log: "")
                onChange(index, .subscriptionRefused(filter: filter, reason: reason))
            }
        }
        reportSubscribed()
    }

    private func reportSubscribed() {
        let isWaiting = unconfirmed.values.contains { !$0.isWatch }
        guard !isWaiting, isEveryFilterGranted, !isSubscribed else { return }
        isSubscribed = true
        onChange(index, .subscribed)
    }
}
