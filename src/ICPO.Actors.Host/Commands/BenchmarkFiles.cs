using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using ICPO.DataFiles;

namespace ICPO.Actors.Host.Commands;

/// <summary>Parses <c>--data</c> of <c>icpo eval</c>.</summary>
internal static class BenchmarkFiles
{
    /// <summary>Files by the name of the benchmark (NAME=FILE); a path without a name has the empty key.</summary>
    /// <exception cref="UsageException">A file does not exist, or a benchmark has two.</exception>
    public static Dictionary<string, string> Parse(string[] options)
    {
        Dictionary<string, string> files = [];
        foreach (string option in options)
        {
            int equals = option.IndexOf('=');
            bool isNamed = equals > 0 && IcpoConfiguration.Datasets.Contains(option[..equals]);
            string path = isNamed ? option[(equals + 1)..] : option;
            if (!DataFile.Exists(path))
            {
                throw new UsageException($"--data {option}: file or directory not found.");
            }

            if (!files.TryAdd(isNamed ? option[..equals] : "", path))
            {
                throw new UsageException($"--data {option}: given twice; write NAME=FILE once for each benchmark.");
            }
        }

        return files;
    }
}
