using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ICPO.DataFiles.Files;

namespace ICPO.DataFiles.Tests;

public sealed class DataFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Every_format_of_a_data_set_reads_to_the_same_rows()
    {
        // Files with the same columns hold the same data set.
        Dictionary<string, List<(string File, List<string> Rows)>> sets = [];
        foreach (
            string file in Directory
                .GetFiles(Fixtures.Folder("data"))
                .Where(f => f.Contains(".jsonl", StringComparison.Ordinal) || f.EndsWith(".parquet", StringComparison.Ordinal))
        )
        {
            List<string> rows = [.. DataFile.Records(file).Select(record => Canonical(record.Fields))];
            string columns = string.Join(',', JsonDocument.Parse(rows[0]).RootElement.EnumerateObject().Select(p => p.Name));
            if (!sets.TryGetValue(columns, out List<(string File, List<string> Rows)>? forms))
            {
                sets[columns] = forms = [];
            }

            forms.Add((file, rows));
        }

        foreach ((string columns, List<(string File, List<string> Rows)>? forms) in sets)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{columns}: {forms.Count} files of {forms[0].Rows.Count} rows");
            Assert.All(forms, form => Assert.Equal(forms[0].Rows, form.Rows));
        }

        Assert.Contains(sets.Values, forms => forms.Count > 1);
    }

    [Fact]
    public void A_damaged_Parquet_file_is_read_or_refused_in_one_line_and_allocates_little()
    {
        string[] files = Directory.GetFiles(Fixtures.Folder("data"), "*.parquet");
        Assert.NotEmpty(files);
        var random = new Random(20261);
        Dictionary<string, int> outcomes = [];
        for (int i = 0; i < 600; i++)
        {
            byte[] bytes = File.ReadAllBytes(files[i % files.Length]);
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                // Every second time in the footer, where sizes and counts are.
                int place = i % 2 == 0 ? random.Next(bytes.Length) : bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 1600));
                bytes[place] ^= (byte)(1 << random.Next(8));
            }

            File.WriteAllBytes(_path, i % 10 == 9 ? bytes[..random.Next(bytes.Length)] : bytes);
            long before = GC.GetTotalAllocatedBytes();
            string outcome = "read";
            try
            {
                foreach (DataRecord _ in DataFile.Records(_path)) { }
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith(_path, error.Message);
                Assert.DoesNotContain('\n', error.Message);
                Assert.EndsWith(".", error.Message);
                outcome = "refused";
            }

            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 200 << 20);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", outcomes.Select(o => $"{o.Value} {o.Key}")));
        Assert.Equal(2, outcomes.Count);
    }

    [Fact]
    public void A_truncated_gzip_file_is_refused_and_one_with_several_members_is_read()
    {
        static byte[] Packed(string text)
        {
            using var memory = new MemoryStream();
            using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
            {
                gzip.Write(Encoding.UTF8.GetBytes(text));
            }

            return memory.ToArray();
        }

        byte[] first = Packed("{\"question\": \"a\", \"answer\": 1}\n"),
            second = Packed("{\"question\": \"b\", \"answer\": 2}");
        File.WriteAllBytes(_path, [.. first, .. second]);
        Assert.Equal(["a", "b"], DataFile.Records(_path).Select(record => record.Fields.GetProperty("question").GetString()));
        for (int length = 2; length < first.Length; length++)
        {
            File.WriteAllBytes(_path, first[..length]);
            Assert.StartsWith(_path, Assert.Throws<InvalidDataException>(() => DataFile.Records(_path).Count()).Message);
        }
    }

    /// <summary>A row in one notation of keys and numbers, whatever the file's notation.</summary>
    private static string Canonical(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "{"
                + string.Join(',', value.EnumerateObject().Select(p => JsonSerializer.Serialize(p.Name) + ":" + Canonical(p.Value)))
                + "}",
            JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Canonical)) + "]",
            JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
            JsonValueKind.Number => value.TryGetInt64(out long whole)
                ? whole.ToString(CultureInfo.InvariantCulture)
                : value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
            _ => value.GetRawText(),
        };
}
