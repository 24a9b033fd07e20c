# Reads `objdump -d --no-show-raw-insn`, and prints of the innermost loop with the most instructions for each one that matches
# `pattern`, from `least` to `most` times, and `without` nowhere: all instructions, those that match, and those that touch the
# stack. Closures Int → Int (S2iYbc) are not kernels: they measure the peak, on data that they keep on the stack.
/>:$/ { count = 0; lastBack = 0; isKernel = $2 !~ /S2iYbc/; next }
!isKernel { next }
$1 ~ /^[0-9a-f]+:$/ {
  count++
  address[count] = sprintf("%16s", substr($1, 1, length($1) - 1))
  text[count] = $0
  if ($2 !~ /^(b|b\..*|cbn?z|tbn?z)$/) next
  for (field = 3; field < NF; field++) if ($(field + 1) ~ /^</) target = sprintf("%16s", $field)
  if (target >= address[count]) next
  first = count
  while (first > 1 && address[first - 1] >= target) first--
  inner = lastBack < first
  lastBack = count
  if (!inner) next
  matches = spills = others = 0
  for (line = first; line <= count; line++) {
    if (text[line] ~ pattern) matches++
    if (text[line] ~ /\[sp/) spills++
    if (without != "" && text[line] ~ without) others++
  }
  instructions = count - first + 1
  if (matches >= least && matches <= most && !others && instructions / matches > worst) {
    worst = instructions / matches
    result = instructions " " matches " " spills
  }
}
END { print result }
