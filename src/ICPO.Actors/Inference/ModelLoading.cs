using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Inference;

/// <summary>Loads models.</summary>
internal static class ModelLoading
{
    private const int Attempts = 3;

    /// <summary>A run that is going on may delete its checkpoint while that is being read; then a newer one is there.</summary>
    public static LanguageModel Load(string path, LanguageModelOptions options)
    {
        for (int attempt = 1; ; attempt++)
        {
            string found = ModelLocation.Find(path);
            try
            {
                return new LanguageModel(Open(found, options, ModelLocation.IsRun(path) ? RuleOf(path) : SpecialTokenRule.Auto));
            }
            catch (Exception error)
                when (error is InvalidDataException or IOException && attempt < Attempts && ModelLocation.Find(path) != found)
            {
                // The next attempt reads the newer checkpoint.
            }
        }
    }

    private static PolicyBackend Open(string path, LanguageModelOptions options, SpecialTokenRule rule)
    {
        int longest = ModelSource.Open(path, options.Adapter).Config.MaxPositionEmbeddings;
        var engine = new EngineSettings
        {
            Slots = options.Slots,
            Context = options.Context > 0 ? options.Context : Math.Min(longest, LanguageModelOptions.DefaultContext),
            Threads = options.Threads,
        };
        return new PolicyBackend(
            path,
            engine,
            new LearnerSettings(),
            new BackendOptions
            {
                Adapter = options.Adapter,
                Device = options.Device,
                Dtype = options.Dtype,
                SpecialTokens = options.SpecialTokens ?? rule,
            }
        );
    }

    private static SpecialTokenRule RuleOf(string run) => StoredConfiguration.Read(new RunDirectory(run)).Settings.Model.SpecialTokens;
}
