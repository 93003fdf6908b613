/// Calls, rates and doses that are refused; the same layout as `refusedMeaning`.
let refusedCalls = #"""
    time: slope(5m) > 5
      12+1 a rate needs its unit
        ~ 5 s/min
    bare: slope(5m) > 5
      12+1 the unit of this rate is unknown
    bare: slope(5m) > 5 ppm/min
      12+9 cannot compare: the unit of one side is unknown, the other is rate of volume \#
    concentration (ppm/s)
    lel: mean() > 5
      0+4 `mean` needs a window
    lel: mean > 5
      0+4 `mean` is a function
    lel: mean(5) > 5
      5+1 `over` of `mean` is a duration
    lel: mean(5 min) > 5
      7+3 `min` is a unit only behind `/`; minutes are written `m`
        ~ m
    lel: mean(5m, count=3) > 5
      0+4 `mean` has two windows: a time and a count
    lel: mean(5m, 3) > 5
      9+1 too many arguments for `mean`
    lel: mean(cnt=3) > 5
      5+3 `mean` has no argument `cnt`
    lel: mean(count=2.5) > 5
      11+3 `count` of `mean` is a whole number of samples, at least 1
    lel: mean(count=0) > 5
      11+1 `count` of `mean` is a whole number of samples, at least 1
    lel: mean(count=70000) > 5
      11+5 a window holds at most 65536 samples
    lel: mean(31d) > 5
      5+3 a window is at most 30d long
        ~ 30d
    lel: slope(count=2) > 5 %LEL/min
      12+1 `slope` needs at least 3 samples
        ~ 3
    lel: median(2h) > 5
      7+2 `median` keeps every sample: its window is at most 1h
    lel: quantile(95, 5m) > 5
      9+2 `q` of `quantile` is a share from 0 to 1
    lel: quantile(5m) > 5
      9+2 `q` of `quantile` is a number without a unit
    lel: ewma(5m, lambda=2) > 5
      16+1 `lambda` of `ewma` is above 0 and at most 1
    lel: ewma(5m, lambda=2 ppm) > 5
      16+5 `lambda` of `ewma` is a number without a unit
    lel: cusum(5m, k=-1, h=0) > 5
      12+2 `k` of `cusum` is 0 or more standard deviations
      18+1 `h` of `cusum` is more than 0 standard deviations
    lel: maen(5m) > 5
      0+4 unknown function `maen`
        ~ mean
    lel: max(value, limit.H) > 5
      11+7 too many arguments for `max`
        ~ greater(value, limit.H)
    lel: twa() > 5
      0+3 `twa` needs a window
    lel: twa(count=5) > 5
      4+5 `twa` has no argument `count`
    lel: flat(5m, within=-1)
      16+2 a width cannot be negative
    lel: flat(5m, within=value)
      16+5 `within` of `flat` is a fixed width
    lel: flat(5m) > 3
      0+8 `>` compares numbers, but `flat(5m)` is a condition
    lel: mean(5m)
      0+8 a condition is needed, but `mean(5m)` is fraction of the lower explosive limit (%LEL)
    lel: forecast(value, over=5m) > 5
      0+8 `forecast` needs `ahead`
    lel: forecast(over, over=5m, ahead=1m) > 5
      9+4 `forecast` continues the line of `value`, not of something else
        ~ value
    lel: forecast(limit.H, over=5m, ahead=1m) > 5
      9+7 `forecast` continues the line of `value`, not of something else
        ~ value
    lel: forecast(value, over=5m, ahead=60d) > 5
      31+3 a forecast reaches at most 30d ahead
        ~ 30d
    lel: time_to(limit.H, over=5m) < 10
      28+2 a duration needs its unit
        ~ 10s
    lel: time_to(limit.H, over=5m) < 10 ppm
      28+6 cannot compare time (ms) with volume concentration (ppm)
    lel: time_to(50 °C, over=5m) < 10m
      8+6 cannot compare fraction of the lower explosive limit (%LEL) with temperature (°C)
    lel: time_to(mean(1h), over=5m) < 10m
      8+8 `time_to` needs a limit or a number: what moves has no time
    lel: time_to(limit.HHH, over=5m) < 10m
      14+3 the pack has no limit `HHH`
        ~ HH
    lel: slope(5m) > 2
      12+1 a rate needs its unit
        ~ 2 %LEL/min
    ppm: dose(8h) > 100
      11+3 a dose needs its unit
        ~ 100 ppm·h
    ppm: dose(8h) > 100 ppm/h
      11+9 cannot compare dose of volume concentration (ppm·s) with rate of volume concentration \#
    (ppm/s)
    ppm: dose(8h) > 100 ppm
      11+7 cannot compare dose of volume concentration (ppm·s) with volume concentration (ppm)
    ppm: dose(8h) > 100 ppm·m
      15+6 unknown unit `ppm·m`
        ~ ppm·min
    ppm: dose(8h) > 100 ppm·hours
      15+10 unknown unit `ppm·hours`
        ~ ppm·h
    ppm: slope(5m) > 5 pmm/min
      14+7 unknown unit `pmm/min`
        ~ mm/min
    ppm: slope(5m) > 5 ppmm/min
      14+8 unknown unit `ppmm/min`
        ~ ppm/min
    ppm: slope(5m) > 5 ppm/minute
      14+10 unknown unit `ppm/minute`
        ~ ppm/min
    ppm: slope(5m) > 5 °C/min
      12+9 cannot compare rate of volume concentration (ppm/s) with rate of temperature change \#
    (°C/min)
    temp: slope(5m) > 5 K
      12+3 cannot compare rate of temperature (°C/s) with temperature (K)
    temp: slope(5m) + delta(5m) > 5 K
      12+9 cannot add rate of temperature (°C/s) and temperature difference (°C)
    temp: value > slope(5m)
      8+9 cannot compare temperature (°C) with rate of temperature (°C/s)
    temp: dose(1h) > 5 K·h
      11+6 cannot compare dose of temperature (°C·s) with dose of temperature (K·s)
    temp: abs(value) > 5
      4+5 a temperature has no absolute value; a difference has
    kpa: sqrt(value) > 5
      5+5 `sqrt` needs a plain number or a ratio, not pressure (kPa)
    kpa: ln(limit.H - value) > 5
      3+15 `ln` needs a plain number or a ratio, not pressure (kPa)
    kpa: lesser(value, 5 ppm) > 5
      14+5 cannot compare pressure (kPa) with volume concentration (ppm)
    kpa: greater(value) > 5
      0+7 `greater` needs `b`
    temp: dew_point(value, 50 °C) > 5
      17+6 `humidity` of `dew_point` is in %, not temperature (°C)
    kpa: number(value, ppm) > 5
      14+3 `unit` of `number` is a unit in quotes
    kpa: number(value, "pppm") > 5
      15+4 unknown unit `pppm`
        ~ ppm
    kpa: number(value, "ppm") > 5
      7+5 cannot convert pressure (kPa) to volume concentration (ppm)
    bare: number(value, "ppm") > 5
      15+3 the unit of `x` is unknown: it cannot be converted
    kpa: number(value, "kPa") > 5 kPa
      23+5 cannot compare a ratio or count with pressure (kPa)
    airlock: mean(5m) > 5
      0+4 `mean` needs a measured value, but `value` is a state
    airlock: flat(5m)
      0+4 `flat` needs a measured value, but `value` is a state
    lel: during("mon-fry 08:00-18:00")
      12+3 `fry` is no day
        ~ fri
    lel: during("mon-fri 08:00-25:00")
      22+5 there is no such time of day
    lel: during(5m)
      7+2 `times` of `during` is times of the week in quotes
    lel: during()
      0+6 `during` needs `times`
    lel: during("mon-fri 08:00-18:00") > 5
      0+29 `>` compares numbers, but `during("mon-fri 08:00-18:00")` is a condition
    lel: votes(value, of="{area}/+") >= 2
      6+5 `when` of `votes` is a condition, but `value` is fraction of the lower explosive limit \#
    (%LEL)
    lel: votes(value > 5, of="{aera}/+") >= 2
      22+4 unknown label `{aera}`
        ~ area
    lel: votes(value > 5, of=area) >= 2
      20+4 `of` of `votes` is a topic filter in quotes
    lel: votes(value > 5) >= 2
      0+5 `votes` needs `of`
    lel: votes(value > 5, of="{area}/a+b") >= 2
      28+3 `+` and `#` stand for whole levels
    lel: votes(value > 5, of="#/x") >= 2
      21+3 `#` must be the last level
    lel: votes(value > 5, of="{area}/+") >= 0
      0+36 this is always true: `votes` is never below 0
    lel: votes(value > 5, of="{area}/+") < 0
      0+35 this is never true: `votes` is never below 0
    lel: 1.5 <= votes(value > 5, of="{area}/+")
      0+3 `votes` is a whole number
        ~ 2
    lel: votes(value > 5, of="{area}/+") >= 2 ppm
      35+5 cannot compare a ratio or count with volume concentration (ppm)
    lel: votes(value > 5, of="{area}/+")
      0+31 a condition is needed, but `votes(value > 5, of="{area}/+")` is a ratio or count
    lel: votes(votes(value > 5, of="{area}/+") >= 1, of="{area}/+") >= 2
      6+5 `votes` cannot stand inside a group function
    lel: count_of(value > limit.X and mean(5) > 3, of="{aera}/+") >= 2
      23+1 the pack has no limit `X`
      34+1 `over` of `mean` is a duration
      47+4 unknown label `{aera}`
        ~ area
    lel: max_of(over, of="{area}/+") >= 2
      7+4 `what` of `max_of` is a number, not a condition
    lel: any(value, of="{area}/+")
      4+5 `when` of `any` is a condition, but `value` is fraction of the lower explosive limit \#
    (%LEL)
    lel: mean(over=5m, over=6m) > 5
      14+4 `over` is given twice
    lel: 5 > sqrt(4)
      0+11 both sides are numbers: nothing is measured here
    lel: slope(5m) * 5 ppm > 3
      12+5 cannot multiply rate of fraction of the lower explosive limit (%LEL/s) by volume \#
    concentration (ppm)
    lel: value * 5m > 3
      8+2 cannot multiply fraction of the lower explosive limit (%LEL) by length (m)
    rh: slope(1h) > 0.5%/h and slope(1h) > 0.5 % /d
      35+8 the unit of a rate is written as one word
        ~ 0.5 %/d
    rh: slope(1h) > 2 % / h
      12+7 the unit of a rate is written as one word
        ~ 2 %/h
    rh: slope(1h) > 0.5 % of span
      12+13 cannot compare rate of percentage (%/s) with percentage (%)
    """#
