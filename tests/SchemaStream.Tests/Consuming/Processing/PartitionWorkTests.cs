using SchemaStream.Consuming.Processing;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Consuming.Processing;

/// <summary>A partition between its feeder and its workers.</summary>
public sealed class PartitionWorkTests
{
    [Fact]
    public void ALaneThatIsLeftAside_BeginsWithItsRecord_HoweverSoonItIsTakenUp()
    {
        var partition = new AssignedPartition("notes", 0);
        using var work = new PartitionWork<string, string>(partition, lanes: 1, capacity: 10);
        var lane = work.Add(Record(0), default, offset: 0, keyHash: 0, attempt: 1).ShouldNotBeNull();
        work.Add(Record(1), default, offset: 1, keyHash: 0, attempt: 1).ShouldBeNull("someone has the lane");
        lane.TryTake(out var first).ShouldBeTrue();

        partition.Pause(PauseReasons.Application);
        work.TryPark(lane, in first).ShouldBeTrue();
        var taken = work.Unpark().ShouldHaveSingleItem();

        taken.TryTake(out var again).ShouldBeTrue();
        again.Record.Offset.ShouldBe(0);
    }

    private static ConsumedRecord<string, string> Record(long offset) => new(
        "notes", 0, offset, DateTimeOffset.UnixEpoch, "k", "v", HasKey: true, IsTombstone: false, RecordHeaders.Empty);
}
