using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire.Connections;
using SchemaStream.Transport.Wire.Fetching;
using static SchemaStream.Tests.Transport.Wire.Fetching.WireBatches;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>Where fetching is, and where it goes on after whatever a broker answers.</summary>
public sealed class FetchStateTests
{
    [Fact]
    public void Fetching_GoesOnBehindWhatCame()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 10);

        fixture.Ask().ShouldBe([(0, 10)]);
        fixture.State.TryFill(new FetchTurn(1), 16, fixture.NowMs).ShouldBeFalse(); // one request at a time
        fixture.Answer(Batch(10, 5));
        fixture.Ask().ShouldBe([(0, 15)]);
        fixture.Answer([]);
        fixture.Read().ShouldHaveSingleItem().Offset.ShouldBe(10);
        fixture.Ask().ShouldBe([(0, 15)]);
    }

    [Fact]
    public void Records_AreAskedForByTopicId_OrByName_AsTheBrokerKnowsIt()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.Ask();
        fixture.RequestTo().Topics[0].TopicId.ShouldBe(FetchStateFixture.TopicId);
        fixture.Answer(Batch(0, 5));
        fixture.Read().ShouldHaveSingleItem().Offset.ShouldBe(0);

        fixture.Version = 11;
        fixture.Ask().ShouldBe([(0, 5)]);
        fixture.RequestTo().Topics[0].Topic.ShouldBe("notes");
        fixture.Answer(Batch(5, 5));
        fixture.Read().ShouldHaveSingleItem().Offset.ShouldBe(5);
        fixture.State.VersionFor(16).ShouldBe((short)16);
        new FetchState("notes", fixture.Settings).VersionFor(16).ShouldBe((short)12); // no id is known yet
    }

    [Fact]
    public void PartitionWithEnoughRecordsInHand_IsNotAskedForMore_UntilTheyAreRead()
    {
        var fixture = new FetchStateFixture(new FetchSettings { EnoughRecords = 10 }, partitions: 2);
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.State.Add(fixture.Partitions[1], 0);
        fixture.Ask().ShouldBe([(0, 0), (1, 0)], ignoreOrder: true);
        fixture.Answer(1, Data(0, Batch(0, 5)), Data(1, Batch(0, 4)));
        fixture.Ask().ShouldBe([(0, 5), (1, 4)], ignoreOrder: true);
        fixture.Answer(1, Data(0, Batch(5, 5)), Data(1, Batch(4, 5)));

        fixture.Ask().ShouldBe([(1, 9)]);
        fixture.RequestTo().MaxWaitMs.ShouldBeLessThan((int)fixture.Settings.MaxWait.TotalMilliseconds); // the other is wanted soon
        fixture.Answer(1, Data(1, []));
        fixture.Read().Count.ShouldBe(4);
        fixture.Ask().ShouldBe([(0, 10), (1, 9)], ignoreOrder: true);

        static FetchResponse.PartitionData Data(int partition, byte[] records) => new()
        {
            PartitionIndex = partition, HighWatermark = 1000, LastStableOffset = 1000, Records = records,
        };
    }

    [Fact]
    public void PartialLastBatch_IsFetchedAgain()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.Ask();
        fixture.Answer(Join(Batch(0, 5), Batch(5, 5)[..40]));

        fixture.Read().ShouldHaveSingleItem().Bytes.ShouldBe(Batch(0, 5).Length);
        fixture.Ask().ShouldBe([(0, 5)]);
    }

    [Fact]
    public void CommittedOffset_IsAskedOfTheGroup_AndResetWhereThereIsNone()
    {
        var fixture = new FetchStateFixture(partitions: 2);
        fixture.State.Add(fixture.Partitions[0], PartitionOffset.Unknown);
        fixture.Ask().ShouldBeEmpty();
        var first = fixture.Chore(PartitionCursor.Stage.Committed);
        fixture.State.TakeChores(PartitionCursor.Stage.Committed, fixture.NowMs).ShouldBeEmpty(); // asked already
        fixture.State.OnCommitted(first, first.Version, 42);
        fixture.Ask().ShouldBe([(0, 42)]);

        fixture.State.Add(fixture.Partitions[1], PartitionOffset.Unknown);
        var second = fixture.Chore(PartitionCursor.Stage.Committed);
        fixture.State.OnCommitted(second, second.Version, -1001);
        var reset = fixture.Chore(PartitionCursor.Stage.Position);
        reset.Offset.ShouldBe(PartitionOffset.Beginning);
        fixture.State.OnPosition(reset, reset.Version, ErrorCode.None, 7, 3, fixture.NowMs);
        fixture.Ask().ShouldBe([(1, 7)]);
    }

    [Fact]
    public void WithoutAnOffset_AndWithoutAPolicy_ReadingFails()
    {
        var fixture = new FetchStateFixture(new FetchSettings { Reset = null });
        fixture.State.Add(fixture.Partitions[0], PartitionOffset.Unknown);
        var chore = fixture.Chore(PartitionCursor.Stage.Committed);
        fixture.State.OnCommitted(chore, chore.Version, -1001);

        fixture.State.Failure!.Code.ShouldBe("AUTO_OFFSET_RESET");
    }

    [Fact]
    public void OffsetOutOfRange_IsResetAsThePolicySays()
    {
        var fixture = new FetchStateFixture(new FetchSettings { Reset = PartitionOffset.End });
        fixture.State.Add(fixture.Partitions[0], 500);
        fixture.Ask();
        fixture.Refuse(ErrorCode.OffsetOutOfRange);

        fixture.Chore(PartitionCursor.Stage.Position).Offset.ShouldBe(PartitionOffset.End);
        fixture.Told.ShouldBe([ErrorCode.OffsetOutOfRange]);

        var strict = new FetchStateFixture(new FetchSettings { Reset = null });
        strict.State.Add(strict.Partitions[0], 500);
        strict.Ask();
        strict.Refuse(ErrorCode.OffsetOutOfRange);
        strict.State.Failure!.Code.ShouldBe("AUTO_OFFSET_RESET");
    }

    [Theory]
    [InlineData(ErrorCode.NotLeaderOrFollower)]
    [InlineData(ErrorCode.FencedLeaderEpoch)]
    public void NewLeader_NamedInTheAnswer_IsAskedAtOnce(ErrorCode error)
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 3);
        fixture.Ask();
        fixture.Refuse(error, change: answer => answer.CurrentLeader = new() { LeaderId = 2, LeaderEpoch = 6 });

        fixture.Ask(1).ShouldBeEmpty();
        fixture.Ask(2).ShouldBe([(0, 3)]);
        fixture.RequestTo(2).Topics[0].Partitions[0].CurrentLeaderEpoch.ShouldBe(6);
        fixture.Lead(1, epoch: 5); // a broker that is behind
        fixture.State.LeaderOf(0).ShouldBe(2);
    }

    [Theory]
    [InlineData(ErrorCode.NotLeaderOrFollower)]
    [InlineData(ErrorCode.UnknownLeaderEpoch)]
    [InlineData(ErrorCode.UnknownTopicOrPartition)]
    [InlineData(ErrorCode.UnknownTopicId)]
    [InlineData(ErrorCode.KafkaStorageError)]
    public void PassingError_AsksForTheLeaders_AndForTheRecordsAgainLater(ErrorCode error)
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 3);
        fixture.Ask();
        fixture.Refuse(error);

        fixture.Ask().ShouldBeEmpty();
        fixture.State.NeedsLayout.ShouldBeTrue();
        fixture.Wait();
        fixture.Ask().ShouldBe([(0, 3)]);
        fixture.State.Failure.ShouldBeNull();
    }

    [Fact]
    public void TopicAuthorizationFailed_EndsReading()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 3);
        fixture.Ask();
        fixture.Refuse(ErrorCode.TopicAuthorizationFailed);

        fixture.State.Failure!.Code.ShouldBe("TOPIC_AUTHORIZATION_FAILED");
    }

    [Fact]
    public void LogThatWasCut_IsGoneOnWithWhereItParts()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.Ask();
        fixture.Answer(Batch(0, 100, leaderEpoch: 5));
        fixture.Read();
        fixture.Ask();
        fixture.RequestTo().Topics[0].Partitions[0].LastFetchedEpoch.ShouldBe(5);
        fixture.Refuse(ErrorCode.None, change: answer => answer.DivergingEpoch = new() { Epoch = 4, EndOffset = 60 });

        fixture.Ask().ShouldBe([(0, 60)]);

        var strict = new FetchStateFixture(new FetchSettings { Reset = null });
        strict.State.Add(strict.Partitions[0], 100);
        strict.Ask();
        strict.Refuse(ErrorCode.None, change: answer => answer.DivergingEpoch = new() { Epoch = 4, EndOffset = 60 });
        strict.State.Failure!.Code.ShouldBe("LOG_TRUNCATION");
    }

    [Fact]
    public void NewLeader_OfBrokersThatDoNotSayWhereLogsPart_IsAskedForIt()
    {
        var fixture = new FetchStateFixture { Version = 11 };
        fixture.State.AsksForEpochs = true;
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.Ask();
        fixture.Answer(Batch(0, 100, leaderEpoch: 5));
        fixture.Read();
        fixture.Lead(2, epoch: 6);

        fixture.Ask(2).ShouldBeEmpty();
        var chore = fixture.Chore(PartitionCursor.Stage.Validation);
        fixture.State.OnValidated(chore, chore.Version, ErrorCode.None, epoch: 5, endOffset: 100, fixture.NowMs);
        fixture.Ask(2).ShouldBe([(0, 100)]);
        fixture.Answer([], node: 2);

        fixture.Lead(1, epoch: 7);
        chore = fixture.Chore(PartitionCursor.Stage.Validation);
        fixture.State.OnValidated(chore, chore.Version, ErrorCode.None, epoch: 5, endOffset: 80, fixture.NowMs);
        fixture.Ask().ShouldBe([(0, 80)]);
    }

    [Fact]
    public void Seek_MakesVoidWhatIsOnItsWay_AndWhatWaits()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.Ask();
        fixture.Answer(Batch(0, 10));
        fixture.Ask();
        fixture.Partitions[0].TryBeginSeek(500, out var generation);
        fixture.State.Seek(fixture.Partitions[0], generation, 500).ShouldBeTrue();
        fixture.Answer(Batch(10, 10));

        fixture.Read().ShouldBeEmpty();
        fixture.Ask().ShouldBe([(0, 500)]);
        fixture.Answer(Batch(500, 1));
        fixture.Read().ShouldHaveSingleItem().Offset.ShouldBe(500);
    }

    [Fact]
    public void PartitionThatHasGone_GivesNothingMore_AndComesBackAsNew()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.Ask();
        fixture.State.Remove(fixture.Partitions[0]);
        fixture.Answer(Batch(0, 10));
        fixture.Read().ShouldBeEmpty();
        fixture.State.Seek(fixture.Partitions[0], 1, 5).ShouldBeFalse();

        fixture.State.Add(new AssignedPartition("notes", 0), 7);
        fixture.Ask().ShouldBe([(0, 7)]);
    }

    [Fact]
    public void Paused_IsNotAskedFor()
    {
        var fixture = new FetchStateFixture(partitions: 2);
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.State.Add(fixture.Partitions[1], 0);
        fixture.Partitions[0].Pause(PauseReasons.Application);

        fixture.Ask().ShouldBe([(1, 0)]);
        fixture.Partitions[0].Resume(PauseReasons.Application, out _, out _);
        fixture.Ask().ShouldBe([(0, 0)]);
    }

    [Fact]
    public void PartitionWithEnoughInHand_IsLeftOut_UntilTheReaderGetsOn()
    {
        var fixture = new FetchStateFixture(new FetchSettings { MaxPartitionBytes = 100 }, partitions: 2);
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.State.Add(fixture.Partitions[1], 0);
        fixture.Ask().Count.ShouldBe(2);
        fixture.Answer(Batch(0, 50)); // the other partition has nothing

        fixture.Wait();
        fixture.Ask().ShouldBe([(1, 0)]);
        fixture.RequestTo().MaxWaitMs.ShouldBeLessThan(100); // the first is to be asked for again soon
        fixture.Answer([], partition: 1);
        fixture.Read().ShouldHaveSingleItem();
        fixture.Ask().ShouldBe([(1, 0), (0, 50)], ignoreOrder: true);
        fixture.RequestTo().MaxWaitMs.ShouldBe(500);
    }

    [Fact]
    public void End_IsToldOnce_AndAgainWhenThereWasMore()
    {
        var fixture = new FetchStateFixture(new FetchSettings { TellsEnds = true });
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.Ask();
        fixture.RequestTo().MaxWaitMs.ShouldBe(0); // where the end is, is to be known at once
        fixture.Answer(Batch(0, 5), highWatermark: 5);
        fixture.Read().Select(taken => (taken.Offset, taken.IsEnd)).ShouldBe([(0, false), (5, true)]);

        fixture.Ask();
        fixture.RequestTo().MaxWaitMs.ShouldBe(500);
        fixture.Answer([], highWatermark: 5);
        fixture.Read().ShouldBeEmpty();
        fixture.Ask();
        fixture.Answer(Batch(5, 1), highWatermark: 6);
        fixture.Read().Select(taken => (taken.Offset, taken.IsEnd)).ShouldBe([(5, false), (6, true)]);
    }

    [Fact]
    public void ReplicaThatTheLeaderPrefers_IsAsked_UntilItFails()
    {
        var fixture = new FetchStateFixture(new FetchSettings { Rack = "a" });
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.Ask();
        fixture.RequestTo().RackId.ShouldBe("a");
        fixture.Refuse(ErrorCode.None, change: answer => answer.PreferredReadReplica = 3);
        fixture.Ask(1).ShouldBeEmpty();
        fixture.Ask(3).ShouldBe([(0, 0)]);

        // It may be behind its leader, which has the last word on what is in range.
        fixture.Refuse(ErrorCode.OffsetOutOfRange, node: 3);
        fixture.Ask(1).ShouldBe([(0, 0)]);
        fixture.Refuse(ErrorCode.None, change: answer => answer.PreferredReadReplica = 3);
        fixture.Ask(3).ShouldBe([(0, 0)]);
        fixture.Break(3);
        fixture.Wait();
        fixture.Ask(1).ShouldBe([(0, 0)]);
    }

    [Fact]
    public void ConnectionThatBreaks_AsksForTheLeaders_AndForTheRecordsAgain()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 8);
        fixture.Ask();
        fixture.Break();

        fixture.State.NeedsLayout.ShouldBeTrue();
        fixture.Ask().ShouldBeEmpty();
        fixture.Wait();
        fixture.Ask().ShouldBe([(0, 8)]);
    }

    [Fact]
    public void BytesThatDoNotGoOn_AreFetchedAgain_AndThenReadingFails()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 5);
        for (var tries = 0; tries < 3; tries++)
        {
            fixture.State.Failure.ShouldBeNull();
            fixture.Ask().ShouldBe([(0, 5)]);
            fixture.Answer(tries == 1 ? [1, 2, 3] : Batch(0, 5)); // ends before what was asked for
            fixture.Wait();
        }

        fixture.State.Failure!.Code.ShouldBe("CORRUPT_MESSAGE");
        fixture.Read().ShouldBeEmpty();
    }

    [Fact]
    public void BytesThatTheReaderFindsDamaged_AreFetchedAgainFromThere_AndThenReadingFails()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 0);
        for (var tries = 0; tries < 3; tries++)
        {
            fixture.State.Failure.ShouldBeNull();
            fixture.Ask().Count.ShouldBe(1);
            fixture.Answer(Batch(tries == 0 ? 0 : 4, 10));
            fixture.State.TryTake(out var records).ShouldBeTrue();
            fixture.State.OnCorrupt(records!, 4, "it is damaged", fixture.NowMs);
            records!.Memory!.LetGo();
            fixture.Wait();
        }

        fixture.State.Failure!.Code.ShouldBe("CORRUPT_MESSAGE");
    }

    [Fact]
    public void WhatWasFoundSoundOnItsArrival_IsToldOfEachPartition_WhateverElseTheResponseHas()
    {
        var fixture = new FetchStateFixture(partitions: 2);
        fixture.State.Add(fixture.Partitions[0], 0);
        fixture.State.Add(fixture.Partitions[1], 0);
        fixture.Ask().Count.ShouldBe(2);
        var (sound, damaged) = (Batch(0, 3), Batch(3, 2));
        damaged[^2] ^= 1;

        fixture.Answer(
            1,
            new FetchResponse.PartitionData { PartitionIndex = 7, Records = Batch(0, 1) }, // which nobody asked for
            new FetchResponse.PartitionData { PartitionIndex = 1, Records = null },
            new FetchResponse.PartitionData { PartitionIndex = 0, Records = Join(sound, damaged, Batch(5, 1)) });

        fixture.State.TryTake(out var records).ShouldBeTrue();
        records!.Cursor.Index.ShouldBe(0);
        records.Count.ShouldBe(6, "what is damaged is met by who reads up to it");
        records.SoundBytes.ShouldBe(sound.Length);
        records.Memory!.LetGo();
        new FetchTurn(1).SoundBytes(0).ShouldBe(0, "nothing was checked yet");
    }

    [Fact]
    public void TopicMadeAnew_IsFetchedByItsNewId_WhateverItsEpochs()
    {
        var fixture = new FetchStateFixture();
        fixture.State.Add(fixture.Partitions[0], 5);
        fixture.Ask();
        fixture.Refuse(ErrorCode.UnknownTopicId);
        var another = Guid.NewGuid();
        fixture.State.OnLayout(new TopicLayout(ErrorCode.None, another, [new PartitionLeader(0, 1, 0)]), fixture.NowMs);
        fixture.Wait();

        fixture.Ask().ShouldBe([(0, 5)]);
        fixture.RequestTo().Topics[0].TopicId.ShouldBe(another);
        fixture.RequestTo().Topics[0].Partitions[0].CurrentLeaderEpoch.ShouldBe(0);
    }

    [Fact]
    public void Leaders_AreAskedForAtTheirTime_AndSoonerWithAReason()
    {
        var fixture = new FetchStateFixture(new FetchSettings { MetadataInterval = TimeSpan.FromMinutes(1) });
        fixture.State.TakeLayoutChore(fixture.NowMs).ShouldBeFalse();
        fixture.NowMs += 1000;
        fixture.State.NeedsLayout = true;
        fixture.State.TakeLayoutChore(fixture.NowMs).ShouldBeTrue();
        fixture.State.TakeLayoutChore(fixture.NowMs).ShouldBeFalse(); // asked already
        fixture.State.OnLayoutFailed(fixture.NowMs);
        fixture.State.NextDeadlineMs(fixture.NowMs).ShouldBe(fixture.NowMs + 200); // longer each time
        fixture.NowMs += 200;
        fixture.State.TakeLayoutChore(fixture.NowMs).ShouldBeTrue();
        fixture.Lead(1, 5);
        fixture.NowMs += 60_000;
        fixture.State.TakeLayoutChore(fixture.NowMs).ShouldBeTrue();
    }
}
