/// Texts that are no expression: `pack: text`, then for every error its byte offset + length and
/// message, and behind `~` what it suggests to write.
let refusedSyntax = #"""
    lel: valeu >= limti.H
      9+5 only `limit` has names behind a dot, `limti` has none
        ~ limit
    lel: value = 5
      6+1 `=` does not compare
        ~ ==
    lel: (value = 5)
      7+1 `=` does not compare
        ~ ==
    lel: value => 5
      6+2 `=>` is no operator
        ~ >=
    lel: value =< 5
      6+2 `=<` is no operator
        ~ <=
    lel: value <> 5
      6+2 `<>` is no operator
        ~ !=
    lel: value >= 5 && over
      11+2 `&&` is no operator
        ~ and
    lel: value >= 5 || over
      11+2 `||` is no operator
        ~ or
    lel: !over
      0+1 `!` is no operator
        ~ not
    lel: value AND over
      6+3 expected an operator, found `AND`
        ~ and
    lel: over AND under
      5+3 expected an operator, found `AND`
        ~ and
    lel: over an under
      5+2 expected an operator, found `an`
        ~ and
    lel: 10 < value < 20
      11+1 comparisons cannot be chained
        ~ 10 < value and value < 20
    lel: 10 %LEL <= value <= limit.H
      17+2 comparisons cannot be chained
        ~ 10 %LEL <= value and value <= limit.H
    lel: value > 5 > 3 and over
      10+1 comparisons cannot be chained
        ~ value > 5 and 5 > 3
    airlock: value is running for
      20+0 expected a duration, found the end
    airlock: value is running for a while
      21+1 expected a duration, found `a`
    airlock: value is running is fault
      17+2 comparisons cannot be chained
    lel: value >= (5 + 3
      9+1 this parenthesis is never closed
    lel: value >= 5)
      10+1 this parenthesis was never opened
    lel: value >=
      8+0 expected a value, found the end
    lel: >= 5
      0+2 expected a value, found `>=`
    lel: value >= .5
      9+1 a number begins with a digit
        ~ 0.
    lel: value >= +5
      9+1 a number has no `+` before it
    lel: value >= 5 5
      11+1 expected an operator, found a number
    lel: value value
      6+5 expected an operator, found `value`
    lel: value >= 5 $
      11+1 unexpected character `$`
    lel: value >= 1e999
      9+5 the number is beyond what a 64-bit number can hold
    lel: stream("{line}/gas
      7+11 the quote is never closed
    lel: stream({line}) > 5
      7+1 unexpected character `{`
      12+1 unexpected character `}`
    lel: stream > 5
      0+6 `stream` needs a topic in quotes
        ~ stream("…")
    lel: stream("{line/gas") > 5
      8+9 the label is never closed
    lel: stream("{line}/gas", 3) > 5
      19+1 expected `)`, found `,`
    lel: limit >= 5
      0+5 `limit` needs the name of a limit
        ~ limit.H
    lel: limit. >= 5
      7+2 expected the name of a limit, found `>=`
    lel: value.H >= 5
      0+5 only `limit` has names behind a dot, `value` has none
    lel: lmit.H >= 5
      0+4 only `limit` has names behind a dot, `lmit` has none
        ~ limit
    airlock: value is 1
      9+1 expected the name of a state, found a number
    airlock: value is
      8+0 expected the name of a state, found the end
    kpa: value > 1e308 * 10
      8+10 the result is beyond what a 64-bit number can hold
    lel: mean(5m > 3
      4+1 this parenthesis is never closed
    lel: mean(5m 3) > 5
      8+1 expected `)` or an operator, found a number
    lel: 5 + not over
      4+3 `not` needs parentheses here
        ~ (not …)
    lel: not
      3+0 expected a value, found the end
    lel: value is not
      12+0 expected the name of a state, found the end
    lel: and
      0+3 expected a value, found `and`
    lel: value >= 5 and
      14+0 expected a value, found the end
    """#
