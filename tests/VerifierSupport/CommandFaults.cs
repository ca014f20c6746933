using System.Collections.Immutable;
using System.Text;

namespace VerifierSupport;

/// <summary>A shell script that judges half of the cases and fails on the others, in every way that a command can fail.</summary>
public static class CommandFaults
{
    private static readonly ImmutableArray<(string Name, string Action)> All =
    [
        ("a line that is not JSON", "echo hello"),
        ("an array", "echo '[]'"),
        ("no id", "echo '{\"reward\":0}'"),
        ("the id of another case", "echo '{\"id\":\"0123456789abcdef\",\"reward\":0}'"),
        ("no reward", Answer("\"note\":\"none\"")),
        ("a reward of null", Answer("\"reward\":null")),
        ("a reward of NaN", Answer("\"reward\":NaN")),
        ("a reward as a string", Answer("\"reward\":\"0\"")),
        ("a reward of true", Answer("\"reward\":true")),
        ("an infinite reward", Answer("\"reward\":1e999")),
        ("a reward below the range", Answer("\"reward\":-1")),
        ("a reward above the range", Answer("\"reward\":2")),
        ("two rewards", Answer("\"reward\":0,\"reward\":1")),
        ("an unknown verdict", Answer("\"reward\":0,\"verdict\":\"maybe\"")),
        ("an error", Answer("\"error\":\"no database\"")),
        ("an exit", "exit 3"),
        ("a signal", "kill -9 $$"),
        ("no answer in time", "sleep 600"),
        ("half a line, then an exit", "printf '{\"id\":\"%s\",\"reward\":0' $id; exit 0"),
        ("a line that is too long", "head -c 1100000 /dev/zero | tr '\\0' 0; echo"),
        ("bytes that are not UTF-8", "printf '{\"id\":\"%s\",\"reward\":0,\"note\":\"\\377\"}\\n' $id"),
    ];

    public static FaultPlan Plan { get; } = new([.. All.Select(fault => fault.Name)]);

    /// <summary>Writes the script, which appends the number of each fault to a file.</summary>
    /// <returns>The path of the script.</returns>
    public static string Write(string path, string record)
    {
        var script = new StringBuilder(
            $$"""
            rewards="0.25 0.75 1"
            while read -r line; do
              id=${line#*\"id\":\"}; id=${id%%\"*}
              q=${line#*\"question_id\":\"}; q=${q%%\"*}; q=${q##*/}
              r=${line#*\"response\":\"}; r=${r%%\"*}
              k=$(( (q * 31 + 1$r) % {{Plan.Outcomes}} ))
              [ $k -lt {{Plan.Faults.Length}} ] && echo $k >> '{{record}}'
              case $k in

            """
        );
        for (int i = 0; i < All.Length; i++)
        {
            script.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {i}) {All[i].Action} ;;\n");
        }

        script.Append(
            """
              *)
                set -- $rewards; shift $((k % 3))
                printf '{"id":"%s","reward":%s}\n' "$id" "$1" ;;
              esac
            done

            """
        );
        File.WriteAllText(path, script.ToString());
        return path;
    }

    private static string Answer(string members) => $"printf '{{\"id\":\"%s\",{members}}}\\n' $id";
}
