using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Wire.Tests;

public sealed class SegmentLogTests
{
    private static readonly Gen<byte[]> Blob = Gen.Byte.Array[0, 200];

    [Fact]
    public void What_was_appended_is_read_back_across_segments_and_after_reopening()
    {
        using TemporaryFolder scratch = new();
        List<(BlobRef Ref, byte[] Payload)> blobs = [];
        using (SegmentLog log = new(scratch.Path, segmentBytes: 500))
        {
            for (int i = 0; i < 40; i++)
            {
                byte[] payload = [.. Enumerable.Repeat((byte)i, i * 20)];
                blobs.Add((log.Append(payload), payload));
            }

            log.Flush();
            Assert.All(blobs, b => Assert.Equal(b.Payload, log.Read(b.Ref)));
            Assert.True(log.ActiveSegment > 3);
        }

        using SegmentLog reopened = new(scratch.Path, segmentBytes: 500);
        Assert.Null(reopened.Tail);
        BlobRef next = reopened.Append([1, 2, 3]);
        Assert.All(blobs, b => Assert.Equal(b.Payload, reopened.Read(b.Ref)));
        Assert.Equal([1, 2, 3], reopened.Read(next));
        Assert.DoesNotContain(next, blobs.Select(b => b.Ref));
    }

    [Fact]
    public void The_directory_is_synced_after_every_new_segment()
    {
        using TemporaryFolder scratch = new();
        List<int> segmentsAtSync = [];
        using SegmentLog log = new(scratch.Path, segmentBytes: 100, directory =>
            segmentsAtSync.Add(Directory.GetFiles(directory, "*.segment").Length)
        );
        for (int i = 0; i < 3; i++)
        {
            log.Append(new byte[80]);
        }

        Assert.Equal([1, 2, 3], segmentsAtSync);
    }

    [Fact]
    public void A_log_cut_at_any_byte_keeps_every_flushed_blob_before_the_cut_and_never_gives_a_wrong_one() =>
        Gen.Select(Blob.Array[1, 12], Gen.Int[0, 11], Gen.Int[0, int.MaxValue], Gen.Int[60, 1000])
            .Sample(
                (payloads, flushedCount, where, segmentBytes) =>
                {
                    using TemporaryFolder scratch = new();
                    var refs = new BlobRef[payloads.Length];
                    int last;
                    using (SegmentLog log = new(scratch.Path, segmentBytes))
                    {
                        for (int i = 0; i < payloads.Length; i++)
                        {
                            refs[i] = log.Append(payloads[i]);
                            if (i == flushedCount)
                            {
                                log.Flush();
                            }
                        }

                        last = log.ActiveSegment;
                    }

                    string file = Segment(scratch, last);
                    long cut = where % (new FileInfo(file).Length + 1);
                    using (FileStream stream = new(file, FileMode.Open))
                    {
                        stream.SetLength(cut);
                    }

                    using SegmentLog reopened = new(scratch.Path, segmentBytes);
                    bool whole = refs.Where(r => r.Segment == last).Any(r => End(r) == cut) || cut == 0;
                    Assert.Equal(whole, reopened.Tail is null);
                    Assert.NotEqual(false, reopened.Tail?.Cut);
                    BlobRef added = reopened.Append([42]);
                    for (int i = 0; i < refs.Length; i++)
                    {
                        if (refs[i].Segment < last || End(refs[i]) <= cut)
                        {
                            Assert.Equal(payloads[i], reopened.Read(refs[i]));
                        }
                        else if (refs[i] != added)
                        {
                            Assert.Throws<InvalidDataException>(() => reopened.Read(refs[i]));
                        }
                    }

                    Assert.Equal([42], reopened.Read(added));
                },
                iter: 300
            );

    [Fact]
    public void A_bit_flip_anywhere_in_a_record_is_noticed_and_costs_no_other_record()
    {
        using TemporaryFolder scratch = new();
        byte[][] payloads =
        [
            [1, 2, 3, 4, 5],
            [],
            [6, 7, 8, 9, 10, 11, 12, 13, 14],
        ];
        BlobRef[] refs;
        using (SegmentLog log = new(scratch.Path))
        {
            refs = [.. payloads.Select(p => log.Append(p))];
            log.Flush();
        }

        string file = Segment(scratch, 0);
        byte[] clean = File.ReadAllBytes(file);
        for (int bit = 0; bit < clean.Length * 8; bit++)
        {
            byte[] flipped = [.. clean];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(file, flipped);
            File.Delete(Segment(scratch, 1));
            using SegmentLog log = new(scratch.Path);
            Assert.False(log.Tail!.Cut);
            Assert.Equal(1, log.ActiveSegment);
            log.Append([99]);
            for (int i = 0; i < refs.Length; i++)
            {
                if (refs[i].Offset <= bit / 8 && bit / 8 < End(refs[i]))
                {
                    string message = Assert.Throws<InvalidDataException>(() => log.Read(refs[i])).Message;
                    Assert.Contains(file, message);
                    Assert.Matches($@"\b{refs[i].Offset}\b", message);
                }
                else
                {
                    Assert.Equal(payloads[i], log.Read(refs[i]));
                }
            }
        }
    }

    [Fact]
    public void A_tail_of_zeros_is_what_a_lost_write_leaves_and_is_cut()
    {
        using TemporaryFolder scratch = new();
        BlobRef blob;
        using (SegmentLog log = new(scratch.Path))
        {
            blob = log.Append([1, 2, 3]);
        }

        using (FileStream stream = new(Segment(scratch, 0), FileMode.Append))
        {
            stream.Write(new byte[100_000]);
        }

        using SegmentLog reopened = new(scratch.Path);
        Assert.Equal(new SegmentTail(Segment(scratch, 0), End(blob), 100_000, Cut: true), reopened.Tail);
        Assert.Matches($@"\b100000\b.*\b{End(blob)}\b", reopened.Tail!.ToString());
        Assert.Equal([1, 2, 3], reopened.Read(blob));
    }

    [Fact]
    public void Segments_before_the_first_needed_one_are_deleted_and_the_active_one_never()
    {
        using TemporaryFolder scratch = new();
        using SegmentLog log = new(scratch.Path, segmentBytes: 100);
        BlobRef[] refs = [.. Enumerable.Range(0, 6).Select(i => log.Append(new byte[80]))];
        Assert.Equal(3, log.DeleteSegmentsBefore(refs[3].Segment));
        Assert.Contains(Segment(scratch, refs[2].Segment), Assert.Throws<InvalidDataException>(() => log.Read(refs[2])).Message);
        Assert.Equal(80, log.Read(refs[3]).Length);
        Assert.Equal(2, log.DeleteSegmentsBefore(int.MaxValue));
        Assert.Equal(80, log.Read(refs[5]).Length);
    }

    [Fact]
    public void A_second_writer_is_refused_until_the_first_is_gone()
    {
        using TemporaryFolder scratch = new();
        using (SegmentLog first = new(scratch.Path))
        {
            Assert.Contains(scratch.Path, Assert.Throws<IOException>(() => new SegmentLog(scratch.Path)).Message);
        }

        using SegmentLog second = new(scratch.Path);
    }

    [Fact]
    public void A_full_disk_is_an_error_that_names_the_file_and_stops_the_log()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "A device that is always full exists on Linux only.");
        using TemporaryFolder scratch = new();
        File.CreateSymbolicLink(Segment(scratch, 0), "/dev/full");
        using SegmentLog log = new(scratch.Path);
        Assert.Contains(Segment(scratch, 0), Assert.Throws<IOException>(() => log.Append([1])).Message);
        Assert.Throws<IOException>(() => log.Append([1]));
        Assert.Throws<IOException>(log.Flush);
    }

    [Fact]
    public async Task Readers_see_whole_blobs_while_the_writer_appends()
    {
        using TemporaryFolder scratch = new();
        using SegmentLog log = new(scratch.Path, segmentBytes: 10_000);
        var channel = System.Threading.Channels.Channel.CreateUnbounded<BlobRef>();
        Task<int>[] readers =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        int count = 0;
                        await foreach (BlobRef blob in channel.Reader.ReadAllAsync())
                        {
                            Assert.All(log.Read(blob), b => Assert.Equal((byte)blob.Length, b));
                            count++;
                        }

                        return count;
                    })
                ),
        ];
        for (int i = 0; i < 2000; i++)
        {
            channel.Writer.TryWrite(log.Append([.. Enumerable.Repeat((byte)(i % 200), i % 200)]));
        }

        channel.Writer.Complete();
        Assert.Equal(2000, (await Task.WhenAll(readers)).Sum());
    }

    private static long End(BlobRef blob) => blob.Offset + blob.Length + 16;

    private static string Segment(TemporaryFolder scratch, int number) => Path.Combine(scratch.Path, $"{number:D8}.segment");
}
