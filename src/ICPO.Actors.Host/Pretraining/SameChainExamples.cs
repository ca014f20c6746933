using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.SymbolRules;

namespace ICPO.Actors.Host.Pretraining;

/// <summary>
/// The built-in task with newly solved examples for any chain, so that held-out chains, which are not in the pool, can be measured few-shot
/// as well. Only for measuring the base model.
/// </summary>
internal sealed class SameChainExamples(SymbolRulesTask task) : ITask
{
    public string Name => task.Name;

    public ImmutableArray<Demonstration> Pool => task.Pool;

    public ImmutableArray<string> StopStrings => task.StopStrings;

    public int MaxTokens => task.MaxTokens;

    public Question Train(ulong seed, long index) => task.Train(seed, index);

    public ImmutableArray<Question> HeldOut(ulong seed, int count) => task.HeldOut(seed, count);

    public ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count)
    {
        string chain = question.Text[..2];
        var random = new RandomStream(Seed.Derive(seed, "same-chain"));
        ImmutableArray<Demonstration>.Builder examples = ImmutableArray.CreateBuilder<Demonstration>(count);
        while (examples.Count < count)
        {
            Demonstration example = SymbolRulesTask.Solve(chain, random.NextInt(10_000).ToString("D4"));
            if (example.Question != question.Text)
            {
                examples.Add(example);
            }
        }

        return examples.MoveToImmutable();
    }

    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations) => task.Prompt(question, demonstrations);

    public string Response(Demonstration demonstration) => task.Response(demonstration);
}
