using System.CommandLine;
using System.Text.Json.Nodes;
using ICPO.Actors.Composition;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Diagnosis;

namespace ICPO.Actors.Host.Commands;

/// <summary><c>icpo doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var configuration = new ConfigurationOptions();
        Option<string?> model = ModelOptions.Model();
        Option<bool> json = CommonOptions.Json();
        var command = new CommandWithExamples(
            "doctor",
            "Checks whether runs will work on this machine: system, processor, memory, disk, libtorch, GPU, PostgreSQL, and what the "
                + "configured run would need. Exit code 1 if something will fail.",
            ["icpo doctor", "icpo doctor --config hocon/runs/gsm8k-smollm2.conf --model PATH", "icpo doctor --json"]
        );
        configuration.AddTo(command);
        command.Add(model);
        command.Add(json);
        command.SetAction(parsed =>
        {
            List<Finding> findings =
            [
                .. Machine(),
                .. RunFinding.Of(() => configuration.Load(parsed, ModelOptions.Overrides(parsed, model))),
            ];
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonOutput.ToText(JsonOutput.Array(findings, ToJson)));
            }
            else
            {
                findings.ForEach(finding => Write(finding, terminal.Out));
            }

            return findings.Any(finding => finding.Level == FindingLevel.Problem) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<Finding> Machine()
    {
        yield return ProcessorFinding.OfSystem();
        yield return ProcessorFinding.OfProcessor();
        yield return StorageFinding.OfMemory(MachineMemory.Read());
        yield return StorageFinding.OfDisk("runs");
        yield return StorageFinding.OfTemporary();
        yield return StorageFinding.OfOpenFiles();
        Finding libtorch = SoftwareFinding.OfLibtorch();
        yield return libtorch;
        yield return SoftwareFinding.OfGpu(libtorch.Level == FindingLevel.Good);
        yield return SoftwareFinding.OfPostgres();
        yield return SoftwareFinding.OfModel();
    }

    private static void Write(Finding finding, TextWriter output)
    {
        string mark = finding.Level switch
        {
            FindingLevel.Good => "ok",
            FindingLevel.Note => "note",
            _ => "FAIL",
        };
        output.WriteLine($"{mark, -5} {finding.Name, -16} {finding.Text}");
        if (finding.Advice is { } advice)
        {
            output.WriteLine($"{"", -22} {advice}");
        }
    }

    private static JsonObject ToJson(Finding finding) =>
        new()
        {
            ["name"] = finding.Name,
            ["level"] = JsonOutput.Name(finding.Level),
            ["text"] = finding.Text,
            ["advice"] = finding.Advice,
        };
}
