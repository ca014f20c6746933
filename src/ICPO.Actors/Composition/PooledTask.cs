using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Composition;

/// <summary>A task whose demonstrations come from a pool of the host app.</summary>
internal sealed class PooledTask(ITask task, IDemonstrationPool pool) : ITask
{
    public string Name => task.Name;

    public ImmutableArray<Demonstration> Pool => pool.All;

    public ImmutableArray<string> StopStrings => task.StopStrings;

    public int MaxTokens => task.MaxTokens;

    public int? TrainingQuestions => task.TrainingQuestions;

    public int? HeldOutQuestions => task.HeldOutQuestions;

    public bool UsesChatTemplate => task.UsesChatTemplate;

    public ImmutableArray<string> Notes => task.Notes;

    public ImmutableArray<QuestionSource> Sources => task.Sources;

    public ITask Where(Func<Question, bool> isReadable) => new PooledTask(task.Where(isReadable), pool);

    public Question Train(ulong seed, long index) => task.Train(seed, index);

    public ImmutableArray<Question> HeldOut(ulong seed, int count) => task.HeldOut(seed, count);

    public ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count) => pool.Draw(question, seed, count);

    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations) => task.Prompt(question, demonstrations);

    public string Response(Demonstration demonstration) => task.Response(demonstration);
}
