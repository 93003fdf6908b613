/// What people write who know other languages; the same layout as `refusedMeaning`.
let refusedHabits = #"""
    ppm: slope(5m) > 5 ppm / min
      12+11 the unit of a rate is written as one word
        ~ 5 ppm/min
    ppm: slope(5m) > 5 ppm /min
      12+10 the unit of a rate is written as one word
        ~ 5 ppm/min
    ppm: slope(5m) > 5/min
      12+5 cannot compare rate of volume concentration (ppm/s) with count rate (/min)
    ppm: dose(8h) > 100 ppm*h
      11+9 the unit of a dose is written as one word
        ~ 100 ppm·h
    ppm: dose(8h) > 100 ppm·hr
      15+7 unknown unit `ppm·hr`
        ~ ppm·h
    ppm: dose(8h) > 100 ppm-h
      19+1 unknown name `h`
    ppm: dose(8h) > 100 ppm h
      19+1 expected an operator, found `h`
    ppm: dose(8h) > 100 ppmh
      15+4 unknown unit `ppmh`
        ~ ppm
    ppm: mean(5 minutes) > 5
      5+9 `over` of `mean` is a duration
        ~ 5m
    ppm: mean(5mins) > 5
      5+5 `over` of `mean` is a duration
        ~ 5m
    ppm: mean("5m") > 5
      5+4 `over` of `mean` is a duration
        ~ 5m
    ppm: mean(value, 5m) > 5
      12+2 too many arguments for `mean`
        ~ mean(5m)
    ppm: mean(5m, value) > 5
      9+5 too many arguments for `mean`
    ppm: avg(5m) > 5
      0+3 unknown function `avg`
        ~ mean
    ppm: average(5m) > 5
      0+7 unknown function `average`
        ~ mean
    ppm: std(5m) > 5
      0+3 unknown function `std`
        ~ stddev
    ppm: sd(5m) > 5
      0+2 unknown function `sd`
        ~ stddev
    ppm: mean[5m] > 5
      4+1 unexpected character `[`
      7+1 unexpected character `]`
    ppm: mean(window=5m) > 5
      5+6 `mean` has no argument `window`
    ppm: mean(5m).value > 5
      8+1 expected an operator, found `.`
    ppm: votes(value >= limit.H, "{area}/+") >= 2
      24+10 too many arguments for `votes`
        ~ of="{area}/+"
    ppm: votes(value >= limit.H, of={area}/+) >= 2
      27+1 unexpected character `{`
      32+1 unexpected character `}`
    ppm: votes(2, value >= limit.H, of="{area}/+")
      9+16 too many arguments for `votes`
    ppm: vote(value >= limit.H, of="{area}/+") >= 2
      0+4 unknown function `vote`
        ~ votes
    ppm: count(value >= limit.H, of="{area}/+") >= 2
      24+2 `count` has no argument `of`
        ~ count_of(…, of="{area}/+")
    ppm: max(value, of="{area}/+") >= 2
      11+2 `max` has no argument `of`
        ~ max_of(…, of="{area}/+")
    ppm: any(stream("{area}/x") > 5)
      0+3 `any` needs `of`
    ppm: any("{area}/+" > 5)
      0+3 `any` needs `of`
    ppm: value > mean(1h) + 3 stddev(1h)
      21+6 expected an operator, found `stddev`
    ppm: forecast(over=5m, ahead=10m) > 5
      0+8 `forecast` needs `value`
    ppm: forecast(value, 5m, 10m) > 5
      20+3 too many arguments for `forecast`
        ~ ahead=10m
    ppm: time_to(H, over=5m) < 10m
      8+1 `H` is a limit
        ~ limit.H
    ppm: time_to(limit.H) < 10m
      0+7 `time_to` needs a window
    ppm: time_to(limit.H, over=5m) > 5 min
      30+3 `min` is a unit only behind `/`; minutes are written `m`
        ~ m
    ppm: forecast(value, over=5m, ahead=10m) > limit.H and time_to(limit.H, over=5m) is bad
      79+3 `is` tests states, but `time_to(limit.H, over=5m)` is time (ms)
        ~ quality is bad
    ppm: mean(5m) is good
      12+4 `is` tests states, but `mean(5m)` is volume concentration (ppm)
        ~ quality is good
    ppm: during(mon-fri 08:00-18:00)
      17+1 unexpected character `:`
      23+1 unexpected character `:`
    ppm: during("08:00-18:00", "mon-fri")
      22+9 too many arguments for `during`
    ppm: during("mon-fri 08:00-18:00 Asia/Shanghai")
      28+13 there is more than one time: nothing may follow `HH:MM-HH:MM`
    ppm: abs(value, 3) > 5
      11+1 too many arguments for `abs`
    temp: dew_point(50 %, value) > 5
      10+4 `temperature` of `dew_point` is in °C, not percentage (%)
    temp: value > dew_point(value, 50)
      25+2 `humidity` of `dew_point` is in %, not a plain number
        ~ 50 %
    ppm: zscore(5m) > 3 ppm
      13+5 cannot compare a ratio or count with volume concentration (ppm)
    ppm: mean(0s) > 3
      5+2 `over` of `mean` is a duration
    ppm: mean(5m) >= 80 % of span
      15+9 the pack has no `span:` for `% of span`
    ppm: number(value) > 5
      0+6 `number` needs `unit`
    ppm: number(value, "ppm/") > 5
      15+4 unknown unit `ppm/`
        ~ ppm
    ppm: (mean(5m) > 5) is true
      1+21 `is` tests states, but `mean(5m) > 5` is a condition
    ppm: ewma(5m, 0.3) > 5
      9+3 too many arguments for `ewma`
        ~ lambda=0.3
    ppm: slope(5m) in 5
      10+2 expected an operator, found `in`
        ~ is
    ppm: mean(5m, over) > 5
      9+4 too many arguments for `mean`
    """#
