/// Expressions that parse but mean nothing: `pack: text`, then for every error its byte offset +
/// length and message, and behind `~` what it suggests to write.
let refusedMeaning = #"""
    lel: value
      0+5 a condition is needed, but `value` is fraction of the lower explosive limit (%LEL)
    lel: limit.H
      0+7 a condition is needed, but `limit.H` is fraction of the lower explosive limit (%LEL)
    lel: quality
      0+7 a condition is needed, but `quality` is a word
        ~ quality is bad
    airlock: value
      0+5 a condition is needed, but `value` is a state
        ~ value is running
    lel: value >= limit.HHH
      15+3 the pack has no limit `HHH`
        ~ HH
    lel: value >= limit.h
      15+1 the pack has no limit `h`
        ~ H
    bare: value >= limit.HH
      15+2 the pack has no limit `HH`
        ~ H
    airlock: value is not fault and limit.H > 3
      29+1 the pack has no `limits:`
    lel: value >= H
      9+1 `H` is a limit
        ~ limit.H
    lel: vlaue >= limit.H
      0+5 unknown name `vlaue`
        ~ value
    lel: value >= 35 ppn
      12+3 unknown unit `ppn`
        ~ ppm
    temp: value >= 0.15 MPa
      9+8 cannot compare temperature (°C) with pressure (MPa)
    temp: 0.15 MPa <= value
      0+8 cannot compare temperature (°C) with pressure (MPa)
    temp: limit.H > 0.15 MPa and value > 5 V
      10+8 cannot compare temperature (°C) with pressure (MPa)
      31+3 cannot compare temperature (°C) with voltage (V)
    mpa: value >= 70 °C
      9+6 cannot compare pressure (MPa) with temperature (°C)
    ppm: value >= 30 mg/m3
      9+8 cannot compare volume concentration (ppm) with mass concentration (mg/m3): the gas is \#
    not stated
    ppm: value >= 10 %LEL
      9+7 cannot compare volume concentration (ppm) with fraction of the lower explosive limit \#
    (%LEL): the gas is not stated
    cl2: value >= 10 %LEL
      9+7 cannot compare volume concentration (%vol) with fraction of the lower explosive limit \#
    (%LEL): CL2 has no lower explosive limit here
    lel: value >= 80 %
      9+4 cannot compare fraction of the lower explosive limit (%LEL) with percentage (%)
    lel: over is under
      0+13 `is` tests states, but `over` is a condition
    lel: stream("") > 5
      8+0 the topic is empty
    lel: stream("{lin}/gas") > 5
      9+3 unknown label `{lin}`
        ~ line
    lel: stream("line}/gas") > 5
      12+1 `}` closes no label
    lel: stream("{line}/+") > 5
      15+1 `+` names many streams; one is needed here
    lel: stream("{line}/other") is running
      8+12 no pack matches the stream `{line}/other`: its unit or states are unknown
    airlock: value is running for 60
      21+2 `for` needs a duration, found `60`
    airlock: value is running for 60 ppm and value is fault for 0s
      21+6 `for` needs a duration, found `60 ppm`
      51+2 `for` needs a duration, found `0s`
    lel: quality is bad for 60s
      19+3 how long a quality lasts is not available in this version
    airlock: value is runing
      9+6 `value` has no state `runing`
        ~ running
    airlock: value >= 1
      0+5 `value` is a state: `>=` compares numbers
        ~ value is running
    airlock: value == running
      0+16 states are tested with `is`
        ~ value is running
    airlock: value != fault
      0+14 states are tested with `is`
        ~ value is not fault
    airlock: running
      0+7 `running` is a state
        ~ value is running
    airlock: value is running or value + 1 > 2
      20+5 `+` needs numbers, not a state
    lel: value is running
      9+7 `is` tests states, but `value` is fraction of the lower explosive limit (%LEL)
    lel: value is over
      9+4 `is` tests states, but `value` is fraction of the lower explosive limit (%LEL)
        ~ over
    lel: value is bad
      9+3 `is` tests states, but `value` is fraction of the lower explosive limit (%LEL)
        ~ quality is bad
    lel: quality is bda
      11+3 there is no quality `bda`
        ~ bad
    lel: quality == bad
      0+14 states are tested with `is`
        ~ quality is bad
    lel: quality >= 5
      0+7 `quality` is a word: `>=` compares numbers
        ~ quality is bad
    lel: value + over > 5
      8+4 `+` needs numbers, not a condition
    lel: over > 5
      0+4 `>` compares numbers, but `over` is a condition
    lel: value and over
      0+5 `and` joins conditions, but `value` is fraction of the lower explosive limit (%LEL)
    lel: over and not value
      13+5 `not` needs a condition, but `value` is fraction of the lower explosive limit (%LEL)
    lel: not quality
      4+7 `not` needs a condition, but `quality` is a word
        ~ quality is bad
    lel: age > 5
      6+1 a duration needs its unit
        ~ 5s
    lel: age > 5 min
      8+3 `min` is a unit only behind `/`; minutes are written `m`
        ~ m
    lel: age > 5 ppm
      6+5 cannot compare time (ms) with volume concentration (ppm)
    lel: value > 5 min
      10+3 `min` is a unit only behind `/`; minutes are written `m`
        ~ m
    lel: 5 > 3
      0+5 both sides are numbers: nothing is measured here
    temp: value > limit.H + 10 °C
      18+6 two temperatures cannot be added
        ~ 10 K
    temp: value * 2 > limit.H
      0+5 a temperature cannot be multiplied; a difference can
    temp: value / limit.H > 1.2
      0+5 a temperature cannot be divided; a difference can
    temp: -value > 5
      0+6 a temperature has no negative; write a difference of two
    temp: value - limit.H > limit.HH
      18+8 cannot compare temperature difference (°C) with temperature (°C)
    temp: value > limit.H - 2 °C
      8+15 cannot compare temperature (°C) with temperature difference (°C)
    temp: 5 - value > 3
      4+5 a temperature cannot be subtracted from a difference
    temp: (value - limit.H) + 3 K > limit.H
      26+7 cannot compare temperature difference (°C) with temperature (°C)
    kpa: value * limit.H > 5
      8+7 cannot multiply pressure (kPa) by pressure (kPa)
    kpa: value / 0 > 5
      8+1 division by zero
    kpa: 6/2 * value > 5
      1+2 unknown unit `/2`; a division has spaces around `/`
        ~ 6 / 2
    kpa: 5 / value > 3
      4+5 cannot divide a plain number by pressure (kPa)
    kpa: value >= 3 % of span
      11+9 the pack has no `span:` for `% of span`
    kpa: value >= 3 % of limit
      11+10 unknown unit `% of limit`
        ~ % of span
    bare: value >= 5 ppm
      9+5 cannot compare: the unit of one side is unknown, the other is volume concentration (ppm)
    kpa: "text" > 5
      0+6 `>` compares numbers, but `"text"` is a text
    kpa: value > "text"
      8+6 `>` compares numbers, but `"text"` is a text
    kpa: not "text"
      4+6 `not` needs a condition, but this is a text
    kpa: "text"
      0+6 a condition is needed, but this is a text
    lel: value - limit.HX > 3 and limit.HY < valu
      14+2 the pack has no limit `HX`
        ~ H
      31+2 the pack has no limit `HY`
        ~ H
      36+4 unknown name `valu`
        ~ value
    lel: 值 > 5
      0+3 unknown name `值`
    temp: value ≥ 0.1 MPa
      10+7 cannot compare temperature (°C) with pressure (MPa)
    lel: （value ≥ ５ ppmm）
      17+4 unknown unit `ppmm`
        ~ ppm
    airlock: over or value is fault
      0+4 `value` is a state: it has no measuring range to be `over`
    level: value > 2 * 5 % of span
      12+11 a percentage of the span cannot be multiplied
    temp: value > stream("{line}/pressure")
      8+25 cannot compare temperature (°C) with pressure (kPa)
    temp: value + stream("{line}/pressure") > 5
      8+25 cannot add temperature (°C) and pressure (kPa)
    kpa: value + 5 ppm > limit.H
      8+5 cannot add pressure (kPa) and volume concentration (ppm)
    kpa: over + 1 > 2
      0+4 `+` needs numbers, not a condition
    kpa: value >= 5 LEL
      11+3 unknown unit `LEL`
        ~ %LEL
    """#
