using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class FetchTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Batch_ComesBackAsItWasSent(short version)
    {
        await using var client = await fixture.ConnectAsync();
        var topic = await NewTopicAsync(client);
        var batch = Wire.Batch(new string('x', 3000), "second");
        await client.ProduceAsync(topic, batch);

        var response = await client.SendAsync(Wire.FetchRequest(topic, 0), version);
        var partition = response.Responses[0].Partitions[0];
        partition.ErrorCode.ShouldBe(ErrorCode.None);
        partition.HighWatermark.ShouldBe(2);
        partition.LastStableOffset.ShouldBe(2);
        var fetched = partition.Records!.Value.ToArray();
        // The broker owns the base offset and the leader epoch; all the rest is the producer's.
        fetched.Length.ShouldBe(batch.Length);
        fetched[16..].ShouldBe(batch[16..]);
        Wire.Values(fetched).ShouldBe([new string('x', 3000), "second"]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public async Task Fetch_WithLimitsBelowZero_IsServed(int limit)
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        await client.CreateTopicAsync(name);
        await client.ProduceAsync(name, Wire.Batch("a"));
        await client.ProduceAsync(name, Wire.Batch("b"));
        var request = Wire.FetchRequest(name, 1, maxWaitMs: limit, minBytes: limit);
        (request.MaxBytes, request.Topics[0].Partitions[0].PartitionMaxBytes) = (limit, limit);
        var response = await client.SendAsync(request, Wire.FetchVersion).WaitAsync(TestTime.Limit);
        response.Responses[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        (await client.ProduceAsync(name, Wire.Batch("c"))).BaseOffset.ShouldBe(2, "the partition is still there");
    }

    [Fact]
    public async Task Topic_ById_IsRead()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        var id = await client.CreateTopicAsync(topic);
        await client.ProduceAsync(topic, Wire.Batch("by id"));
        var request = Wire.FetchRequest("", 0);
        request.Topics[0].TopicId = id;
        foreach (short version in (short[])[13, 15, 16, 17, 18])
        {
            var response = await client.SendAsync(request, version);
            response.Responses[0].TopicId.ShouldBe(id);
            Wire.Values(response.Responses[0].Partitions[0].Records).ShouldBe(["by id"]);
        }

        request.Topics[0].TopicId = Guid.NewGuid();
        request.MaxWaitMs = 60_000;
        var unknown = await client.SendAsync(request, 16).WaitAsync(TestTime.Limit);
        unknown.Responses[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicId);
    }

    [Fact]
    public async Task LongPoll_WakesWhenSomethingIsProduced()
    {
        await using var consumer = await fixture.ConnectAsync();
        await using var producer = await fixture.ConnectAsync();
        var topic = await NewTopicAsync(producer);
        var waiting = consumer.SendAsync(Wire.FetchRequest(topic, 0, maxWaitMs: 60_000), Wire.FetchVersion);
        // A metadata call on the same broker has been answered meanwhile: the fetch does wait.
        await producer.SendAsync(new MetadataRequest { Topics = [] }, 9);
        waiting.IsCompleted.ShouldBeFalse();

        await producer.ProduceAsync(topic, Wire.Batch("news"));

        var response = await waiting.WaitAsync(TestTime.Limit);
        Wire.Values(response.Responses[0].Partitions[0].Records).ShouldBe(["news"]);
    }

    [Fact]
    public async Task LongPoll_WithoutNews_EndsAtItsDeadline()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = await NewTopicAsync(client);
        var begin = TimeProvider.System.GetTimestamp();
        var partition = await client.FetchAsync(topic, 0, maxWaitMs: 200);

        TimeProvider.System.GetElapsedTime(begin).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(150));
        partition.ErrorCode.ShouldBe(ErrorCode.None);
        partition.Records!.Value.Length.ShouldBe(0);
    }

    [Fact]
    public async Task LongPoll_WaitsForItsMinimumOfBytes()
    {
        await using var consumer = await fixture.ConnectAsync();
        await using var producer = await fixture.ConnectAsync();
        var topic = await NewTopicAsync(producer);
        var waiting = consumer.SendAsync(Wire.FetchRequest(topic, 0, maxWaitMs: 60_000, minBytes: 1000), Wire.FetchVersion);
        await producer.ProduceAsync(topic, Wire.Batch("little"));
        waiting.IsCompleted.ShouldBeFalse();
        await producer.ProduceAsync(topic, Wire.Batch(new string('x', 1000)));

        var response = await waiting.WaitAsync(TestTime.Limit);
        Wire.Values(response.Responses[0].Partitions[0].Records).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Errors_AreToldPerPartitionAndAtOnce()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = await NewTopicAsync(client);
        (await client.FetchAsync(topic, 5, maxWaitMs: 60_000)).ErrorCode.ShouldBe(ErrorCode.OffsetOutOfRange);
        (await client.FetchAsync(topic, 0, partition: 3, maxWaitMs: 60_000)).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await client.FetchAsync("not-there", 0, maxWaitMs: 60_000)).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task LeaderEpoch_ThatIsNewerThanTheBrokers_IsUnknown()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = await NewTopicAsync(client);
        var request = Wire.FetchRequest(topic, 0);
        request.Topics[0].Partitions[0].CurrentLeaderEpoch = 1000;
        var response = await client.SendAsync(request, Wire.FetchVersion);
        response.Responses[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownLeaderEpoch);
    }

    [Fact]
    public async Task Session_IsMadeWhenAskedFor_AndAnUnknownOneIsToldSo()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = await NewTopicAsync(client);
        var request = Wire.FetchRequest(topic, 0);
        request.SessionEpoch = 0;
        var sessionId = (await client.SendAsync(request, Wire.FetchVersion)).SessionId;
        sessionId.ShouldBeGreaterThan(0);

        (request.SessionId, request.SessionEpoch) = (sessionId ^ 1, 3);
        var response = await client.SendAsync(request, Wire.FetchVersion);
        response.ErrorCode.ShouldBe(ErrorCode.FetchSessionIdNotFound);
        response.Responses.ShouldBeEmpty();
    }

    [Fact]
    public async Task MaxBytes_BoundTheAnswer_ButOneBatchAlwaysComes()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = await NewTopicAsync(client);
        for (var i = 0; i < 10; i++)
        {
            await client.ProduceAsync(topic, Wire.Batch(new string((char)('a' + i), 1000)));
        }

        var request = Wire.FetchRequest(topic, 0);
        request.MaxBytes = 1;
        Wire.Values((await client.SendAsync(request, Wire.FetchVersion)).Responses[0].Partitions[0].Records).Count.ShouldBe(1);
        (request.MaxBytes, request.Topics[0].Partitions[0].PartitionMaxBytes) = (1 << 20, 3500);
        Wire.Values((await client.SendAsync(request, Wire.FetchVersion)).Responses[0].Partitions[0].Records).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Consumer_ThatDoesNotRead_HoldsUpOnlyItself()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = await NewTopicAsync(client);
        for (var i = 0; i < 8; i++)
        {
            await client.ProduceAsync(topic, Wire.Batch(new string('x', 900_000)));
        }

        // Two hundred answers of seven megabytes each are asked for and never read.
        await using var greedy = await fixture.Broker.ConnectRawAsync();
        var request = Wire.FetchRequest(topic, 0);
        request.Topics[0].Partitions[0].PartitionMaxBytes = 50 << 20;
        var frame = RawFrames.Of(ApiKey.Fetch, request, Wire.FetchVersion, FetchRequest.FirstFlexibleVersion);
        for (var i = 0; i < 200; i++)
        {
            await greedy.SendFrameAsync(frame);
        }

        Wire.Values((await client.FetchAsync(topic, 7)).Records).Count.ShouldBe(1);
        (await client.ProduceAsync(topic, Wire.Batch("more"))).BaseOffset.ShouldBe(8);
    }

    private async Task<string> NewTopicAsync(KafkaConnection client)
    {
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        return topic;
    }
}
