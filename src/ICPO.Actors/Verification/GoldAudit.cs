using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification;

/// <summary>
/// Reads every gold answer before a run starts. Questions whose answer the verifier cannot read are left out, since each of their rollouts
/// would be a fault of the verifier, or end the run.
/// </summary>
/// <param name="Task">The task without them.</param>
/// <param name="Notes">
/// For each data set with something to report: how many answers are read and refused (the first ten by id), and how many rows have a
/// placeholder or no answer.
/// </param>
internal sealed record GoldAudit(ITask Task, ImmutableArray<string> Notes)
{
    private const int MaxNamed = 10;

    private HashSet<Question> Refused { get; init; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The questions whose answers are read.</summary>
    /// <exception cref="InvalidDataException">There is none among them.</exception>
    public ImmutableArray<Question> Readable(ImmutableArray<Question> questions)
    {
        ImmutableArray<Question> readable = [.. questions.Where(q => !Refused.Contains(q))];
        return readable.IsEmpty && !questions.IsEmpty
            ? throw new InvalidDataException(
                $"None of the gold answers of the {questions.Length} questions can be read; use more questions, choose the verifier "
                    + "that fits the data (verification.verifier), or correct the answers."
            )
            : readable;
    }

    /// <exception cref="InvalidDataException">
    /// No answer of a data set can be read, or some cannot and <paramref name="unreadable"/> ends the run in this case.
    /// </exception>
    public static GoldAudit Check(ITask task, IVerifier verifier, UnreadableGolds unreadable)
    {
        HashSet<Question> refused = new(ReferenceEqualityComparer.Instance);
        List<string> notes = [];
        foreach (QuestionSource source in Sources(task))
        {
            ImmutableArray<(Question Question, string Problem)> bad = verifier is IGoldReader reader ? Unreadable(source, reader) : [];
            if (bad.Length + source.Placeholders + source.Missing == 0)
            {
                continue;
            }

            string report = Report(source, bad, verifier.Name);
            if (bad.Length > 0 && (bad.Length == source.Questions.Length || unreadable == UnreadableGolds.Stop))
            {
                throw new InvalidDataException(
                    $"{report}; choose the verifier that fits the data (verification.verifier), or correct the answers"
                        + (bad.Length == source.Questions.Length ? "." : ", or leave them out (verification.unreadable-golds = leave-out).")
                );
            }

            notes.Add($"{report}; unreadable ones are skipped.");
            refused.UnionWith(bad.Select(b => b.Question));
        }

        return new(refused.Count == 0 ? task : task.Where(q => !refused.Contains(q)), [.. notes]) { Refused = refused };
    }

    /// <summary>The data sets of a task; a task that generates its questions has one if they are limited.</summary>
    private static ImmutableArray<QuestionSource> Sources(ITask task)
    {
        if (!task.Sources.IsEmpty || task is not { TrainingQuestions: { } training, HeldOutQuestions: { } heldOut })
        {
            return task.Sources;
        }

        // An epoch uses every training question once.
        ImmutableArray<Question> questions = [.. Enumerable.Range(0, training).Select(i => task.Train(0, i)), .. task.HeldOut(0, heldOut)];
        return [new(task.Name, questions, 0, 0)];
    }

    private static ImmutableArray<(Question Question, string Problem)> Unreadable(QuestionSource source, IGoldReader reader) =>
        [
            .. from question in source.Questions
            let problem = reader.ReadGold(question).Problem
            where problem is not null
            select (question, problem),
        ];

    private static string Report(QuestionSource source, ImmutableArray<(Question Question, string Problem)> bad, string verifier)
    {
        string named = "";
        if (bad.Length > 0)
        {
            string places = string.Join(", ", bad.Select(b => b.Question.Id).Order(StringComparer.Ordinal).Take(MaxNamed));
            string more = bad.Length > MaxNamed ? ", …" : "";
            named = $" (at {places}{more}; the first: {bad[0].Problem})";
        }

        int all = source.Questions.Length + source.Placeholders + source.Missing;
        return $"{source.Name}: of {all} gold answers {source.Questions.Length - bad.Length} are read by verifier {verifier}, "
            + $"{bad.Length} refused{named}, {source.Placeholders} placeholders, {source.Missing} null";
    }
}
