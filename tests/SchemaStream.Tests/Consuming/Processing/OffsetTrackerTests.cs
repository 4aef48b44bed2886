using SchemaStream.Consuming.Processing;

namespace SchemaStream.Tests.Consuming.Processing;

/// <summary>What may be committed when records finish in any order.</summary>
public sealed class OffsetTrackerTests
{
    [Fact]
    public void Offset_AdvancesToTheFirstUnfinishedRecord_AcrossGaps()
    {
        var tracker = new OffsetTracker();
        var first = tracker.Add(3);
        var second = tracker.Add(10); // compaction leaves gaps
        var third = tracker.Add(11);

        tracker.Finish(third).ShouldBeLessThan(0);
        tracker.FirstUnfinished.ShouldBe(3);
        tracker.Finish(first).ShouldBe(4);
        tracker.FirstUnfinished.ShouldBe(10);
        tracker.Finish(second).ShouldBe(12);
        tracker.FirstUnfinished.ShouldBeLessThan(0);
        tracker.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyOrder_NeverPassesAnUnfinishedRecord(int seed)
    {
        var random = new Random(seed);
        var tracker = new OffsetTracker();
        var open = new List<(long Slot, long Offset)>();
        var next = 0L;
        var handled = 0L;
        for (var step = 0; step < 5000; step++)
        {
            if (open.Count == 0 || random.Next(100) < 52)
            {
                next += 1 + random.Next(3);
                open.Add((tracker.Add(next), next));
            }
            else
            {
                var index = random.Next(open.Count);
                var finished = open[index];
                open.RemoveAt(index);
                var upTo = tracker.Finish(finished.Slot);
                if (upTo >= 0)
                {
                    upTo.ShouldBeGreaterThan(handled);
                    handled = upTo;
                }
            }

            tracker.FirstUnfinished.ShouldBe(open.Count == 0 ? -1 : open.Min(record => record.Offset));
            open.ShouldAllBe(record => record.Offset >= handled);
        }
    }
}
