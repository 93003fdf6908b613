import Foundation
import Testing
import TocsinModel

@Suite("Portable math")
struct PortableMathTests {
    @Test("Logarithm and exponential agree with the C library to 1e-14")
    func agreement() {
        for step in 1...4000 {
            let x = Double(step) * 0.037
            let gap = abs(PortableMath.logarithm(x) - log(x))
            #expect(gap <= 1e-14 * max(1, abs(log(x))), "ln \(x)")
            let y = Double(step - 2000) * 0.11
            #expect(abs(PortableMath.exponential(y) / exp(y) - 1) < 1e-12, "exp \(y)")
        }
    }

    @Test("Outside its domain a logarithm is no number, and exponentials end at 0 and infinity")
    func edges() {
        #expect(PortableMath.logarithm(0).isNaN)
        #expect(PortableMath.logarithm(-1).isNaN)
        #expect(PortableMath.logarithm(.infinity) == .infinity)
        #expect(PortableMath.exponential(-1000) == 0)
        #expect(PortableMath.exponential(1000) == .infinity)
        #expect(PortableMath.exponential(.nan).isNaN)
    }
}
