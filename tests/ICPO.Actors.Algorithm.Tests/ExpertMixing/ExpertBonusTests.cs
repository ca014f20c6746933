using System.Text.Json;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Contracts.Groups;

namespace ICPO.Actors.Algorithm.Tests.ExpertMixing;

public sealed class ExpertBonusTests
{
    [Fact]
    public void Schedules_equal_those_of_the_authors()
    {
        int compared = 0,
            skipped = 0;
        foreach (JsonElement fixture in ObjectiveFixtures.Cases("method", "step", "factor"))
        {
            if (Parse(fixture.Text("method")) is not { } schedule)
            {
                skipped++;
                continue;
            }

            long total = schedule == BonusSchedule.Exponential ? 0 : (long)fixture.Number("total_steps");
            double constant = schedule == BonusSchedule.Exponential ? fixture.Number("time_constant") : 0;
            foreach ((int step, double factor) in fixture.Integers("step").Zip(fixture.Numbers("factor")))
            {
                if (schedule != BonusSchedule.Cosine || step <= total)
                {
                    fixture.Near(factor, ExpertBonus.Factor(schedule, step, total, constant), $"factor at {step}");
                }
            }

            compared++;
        }

        ObjectiveFixtures.Report(compared, skipped, "other methods; the release's cosine rises again after T, ours ends there");
    }

    [Fact]
    public void Shaped_rewards_equal_those_of_other_software()
    {
        int compared = 0;
        foreach (
            JsonElement fixture in ObjectiveFixtures
                .Cases("settings")
                .Where(c => c.GetProperty("settings").TryGetProperty("rewards_before", out _))
        )
        {
            JsonElement settings = fixture.GetProperty("settings");
            int expert = (int)settings.Number("expert_index");
            ExpertSettings bonus = new() { Bonus = Parse(settings.Text("schedule"))!.Value, BonusSize = settings.Number("alpha") };
            TrainingGroup group = Sample.Group(
                0,
                [
                    .. settings
                        .Numbers("rewards_before")
                        .Select((reward, i) => i == expert ? Sample.Expert(i, reward) : Sample.Policy(i, reward)),
                ]
            );
            fixture.Near(
                settings.Numbers("shaped"),
                ExpertBonus.Rewards(group, bonus, (long)settings.Number("step"), (long)settings.Number("total_steps")),
                "shaped"
            );
            compared++;
        }

        ObjectiveFixtures.Report(compared, 0, "none");
    }

    private static BonusSchedule? Parse(string? method) =>
        method switch
        {
            "linear" => BonusSchedule.Linear,
            "cosine" => BonusSchedule.Cosine,
            "exp" or "exponential" => BonusSchedule.Exponential,
            _ => null,
        };

    [Fact]
    public void A_bonus_starts_whole_never_rises_and_stays_in_range() =>
        Gen.Select(Gen.Enum<BonusSchedule>().Where(s => s != BonusSchedule.None), Gen.Long[0, 600], Gen.Long[1, 500], Gen.Double[0.5, 200])
            .Sample(
                (schedule, update, total, constant) =>
                {
                    Assert.Equal(1, ExpertBonus.Factor(schedule, 0, total, constant));
                    double now = ExpertBonus.Factor(schedule, update, total, constant);
                    Assert.InRange(ExpertBonus.Factor(schedule, update + 1, total, constant), 0, now);
                    Assert.True(schedule == BonusSchedule.Exponential || update < total || now == 0);
                }
            );

    [Fact]
    public void Only_expert_rollouts_inside_the_region_earn_the_bonus()
    {
        ExpertSettings settings = new() { Bonus = BonusSchedule.Linear, BonusSize = 0.5 };
        Assert.Equal(1.25, ExpertBonus.Reward(Sample.Expert(0, 1), settings, 50, 100));
        Assert.Equal(0, ExpertBonus.Reward(Sample.Expert(0, 0), settings, 50, 100));
        Assert.Equal(1, ExpertBonus.Reward(Sample.Policy(0, 1), settings, 50, 100));
        Assert.Equal(1, ExpertBonus.Reward(Sample.Expert(0, 1), settings with { Bonus = BonusSchedule.None }, 50, 100));
        Assert.Throws<ArgumentException>(() => ExpertBonus.Reward(Sample.Policy(0, null), settings, 50, 100));
    }
}
