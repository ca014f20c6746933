using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Wire.TensorBoard;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>Writes TensorBoard event files, with the update as the step.</summary>
public sealed class TensorBoardSink(string directory, TimeProvider time) : IMetricSink
{
    private readonly EventFileWriter _file = new(directory, time);

    public void Update(UpdateRecord update)
    {
        foreach ((string name, double value) in update.Metrics)
        {
            _file.Scalar(name, update.Version.Value, value);
        }

        _file.Flush();
    }

    public void Evaluation(EvaluationRecord evaluation)
    {
        AccuracyReport report = evaluation.Report.Accuracy();
        foreach ((string tag, Accuracy accuracy) in report.ByTag)
        {
            _file.Scalar($"accuracy/{tag}", evaluation.Version.Value, accuracy.Value);
        }

        _file.Scalar("accuracy", evaluation.Version.Value, report.Overall.Value);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();
}
