using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class ListOffsetsTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Offsets_AreFoundByPlaceAndByTime()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var age in (long[])[3000, 1000, 2000])
        {
            await client.ProduceAsync(topic, new RecordBatchBuilder().Add(now - age, null, new byte[] { 1 }).Build());
        }

        (await FindAsync(client, topic, -2)).Offset.ShouldBe(0);
        (await FindAsync(client, topic, -1)).Offset.ShouldBe(3);
        var byTime = await FindAsync(client, topic, now - 2500);
        (byTime.Offset, byTime.Timestamp).ShouldBe((1, now - 1000));
        (await FindAsync(client, topic, now + 1)).Offset.ShouldBe(-1);
        var newest = await FindAsync(client, topic, -3);
        (newest.Offset, newest.Timestamp).ShouldBe((1, now - 1000));
    }

    [Fact]
    public async Task Places_ThatAVersionDoesNotHave_AreRefused()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        (await FindAsync(client, topic, -3, version: 6)).ErrorCode.ShouldBe(ErrorCode.UnsupportedVersion);
        (await FindAsync(client, topic, -17)).ErrorCode.ShouldBe(ErrorCode.UnsupportedVersion);
        (await FindAsync(client, "not-there", -1)).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await FindAsync(client, topic, -1, partition: 9)).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await FindAsync(client, topic, -1, version: 1)).Offset.ShouldBe(0);
        (await FindAsync(client, topic, -1, version: 11)).Offset.ShouldBe(0);
    }

    [Fact]
    public async Task LeaderEpoch_EndsWhereTheLogDoes()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        await client.ProduceAsync(topic, Wire.Batch("a", "b"));
        var epoch = (await FindAsync(client, topic, -1)).LeaderEpoch;
        var request = new OffsetForLeaderEpochRequest
        {
            Topics = [new() { Topic = topic, Partitions = [new() { Partition = 0, LeaderEpoch = epoch }] }],
        };
        var response = await client.SendAsync(request, 4);
        var end = response.Topics[0].Partitions[0];
        (end.ErrorCode, end.LeaderEpoch, end.EndOffset).ShouldBe((ErrorCode.None, epoch, 2L));
    }

    [Fact]
    public async Task DeletedRecords_AreNotReadAnyMore()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        await client.ProduceAsync(topic, Wire.Batch("a"));
        await client.ProduceAsync(topic, Wire.Batch("b"));
        var request = new DeleteRecordsRequest
        {
            TimeoutMs = 1000,
            Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0, Offset = 1 }, new() { PartitionIndex = 5, Offset = 1 }] }],
        };
        var response = await client.SendAsync(request, 2);
        response.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        response.Topics[0].Partitions[0].LowWatermark.ShouldBe(1);
        response.Topics[0].Partitions[1].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await FindAsync(client, topic, -2)).Offset.ShouldBe(1);
        (await client.FetchAsync(topic, 0)).ErrorCode.ShouldBe(ErrorCode.OffsetOutOfRange);
        Wire.Values((await client.FetchAsync(topic, 1)).Records).ShouldBe(["b"]);
    }

    private static async Task<ListOffsetsResponse.ListOffsetsPartitionResponse> FindAsync(
        KafkaConnection client, string topic, long timestamp, int partition = 0, short version = 7)
    {
        var request = new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Timestamp = timestamp }] }],
        };
        return (await client.SendAsync(request, version).WaitAsync(TestTime.Limit)).Topics[0].Partitions[0];
    }
}
