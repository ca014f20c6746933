using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Statistics;
using ICPO.Actors.Composition;
using ICPO.Actors.Host.Pretraining;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;

namespace ICPO.Actors.Host.Tests.Pretraining;

public sealed class BaseModelTests
{
    private const int Questions = 220;
    private const int Samples = 2;

    [Fact]
    public async Task The_bundled_model_has_the_accuracy_of_its_record()
    {
        var record = BaseModelRecord.Read(BundledModel.Path);
        Tokenizer tokenizer = TokenizerJson.Load(BundledModel.Path);
        using Decoder decoder = HuggingFaceDirectory.Load(BundledModel.Path);
        ImmutableArray<MeasuredAccuracy> measured = await BaseModelRecipe.MeasureAsync(
            decoder,
            tokenizer,
            Questions,
            Samples,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(record.Accuracies.Length, measured.Length);
        foreach (MeasuredAccuracy now in measured)
        {
            MeasuredAccuracy then = record.Find(now.Split, now.Demonstrations);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{now.Split} {now.Demonstrations}-shot: recorded {then.Accuracy:P1}, measured {now.Accuracy:P1}"
            );

            // Six comparisons at 99.9 %; questions as trials, which gives wider intervals than samples.
            Interval interval = Wilson.Interval(now.Accuracy, Questions, 0.999);
            Assert.InRange(then.Accuracy, interval.Low, interval.High);
        }
    }

    [Fact]
    public void The_bundled_model_cannot_do_the_task_without_examples_and_often_can_with_one()
    {
        var record = BaseModelRecord.Read(BundledModel.Path);
        foreach (string split in new[] { "training", "held-out" })
        {
            Assert.InRange(record.Find(split, 0).Accuracy, 0.01, 0.15);
            Assert.InRange(record.Find(split, 1).Accuracy, 0.4, 1);
            Assert.InRange(record.Find(split, 0).ByHard["1"], 0, 0.02);
            Assert.InRange(record.Find(split, 0).ByHard["2"], 0, 0.02);
        }
    }

    [Fact]
    public void The_bundled_model_is_small() =>
        Assert.InRange(Directory.GetFiles(BundledModel.Path).Sum(file => new FileInfo(file).Length), 1, 4 << 20);

    [Fact]
    public void A_record_is_read_back_unchanged_and_an_invalid_one_is_rejected_with_its_path()
    {
        using var folder = new TemporaryFolder();
        string path = folder.In(BaseModelRecord.FileName);
        Assert.StartsWith(path, Assert.Throws<InvalidDataException>(() => BaseModelRecord.Read(folder.Path)).Message);
        File.WriteAllBytes(path, BaseModelRecord.Read(BundledModel.Path).ToJson());
        Assert.Equal(File.ReadAllText(Path.Combine(BundledModel.Path, BaseModelRecord.FileName)), File.ReadAllText(path));
        File.WriteAllText(path, "{\"seed\": 1}");
        Assert.StartsWith(path, Assert.Throws<InvalidDataException>(() => BaseModelRecord.Read(folder.Path)).Message);
    }
}
