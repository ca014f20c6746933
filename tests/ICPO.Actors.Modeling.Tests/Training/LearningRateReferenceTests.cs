using System.Text.Json;
using ICPO.Actors.Modeling.Tests.Objective;
using ICPO.Actors.Modeling.Training;

namespace ICPO.Actors.Modeling.Tests.Training;

public sealed class LearningRateReferenceTests
{
    [Fact]
    public void Rates_equal_the_curves_of_the_reference()
    {
        JsonElement[] cases = [.. Reference.Cases.Where(c => c.Has("schedule", "warmup", "rate"))];
        foreach (JsonElement @case in cases)
        {
            OptimizerSettings settings = new()
            {
                LearningRate = @case.GetProperty("peak").GetDouble(),
                Schedule = Enum.Parse<LearningRateSchedule>(@case.Text("schedule"), ignoreCase: true),
                WarmupUpdates = @case.GetProperty("warmup").GetInt32(),
                TotalUpdates = @case.GetProperty("total").GetInt32(),
                MinimumShare = @case.GetProperty("minimum_share").GetDouble(),
            };
            double[] rates = [.. @case.GetProperty("update").EnumerateArray().Select(u => LearningRates.At(settings, u.GetInt64()))];
            Reference.Close(@case, Reference.Flat(@case.GetProperty("rate")), rates, "rate");
        }

        Fixtures.Count(cases.Length, 0, "every schedule");
    }
}
