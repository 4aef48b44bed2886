using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class DescribeTopicPartitionsTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Pages_FollowEachOtherThroughAllTopics()
    {
        await using var client = await fixture.ConnectAsync();
        var names = new[] { fixture.NewName("page"), fixture.NewName("page"), fixture.NewName("page") };
        foreach (var name in names)
        {
            await client.CreateTopicAsync(name, partitions: 3);
        }

        var seen = new List<(string, int)>();
        var request = new DescribeTopicPartitionsRequest
        {
            Topics = [.. names.Select(name => new DescribeTopicPartitionsRequest.TopicRequest { Name = name })],
            ResponsePartitionLimit = 2,
        };
        while (true)
        {
            var page = await SendAsync(client, request);
            seen.AddRange(page.Topics.SelectMany(topic => topic.Partitions.Select(partition => (topic.Name!, partition.PartitionIndex))));
            page.Topics.Sum(topic => topic.Partitions.Count).ShouldBeInRange(1, 2);
            if (page.NextCursor is null)
            {
                break;
            }

            request.Cursor = new() { TopicName = page.NextCursor.TopicName, PartitionIndex = page.NextCursor.PartitionIndex };
        }

        seen.ShouldBe(from name in names.Order(StringComparer.Ordinal) from partition in Enumerable.Range(0, 3) select (name, partition));
    }

    [Fact]
    public async Task Partition_IsShownWithItsLeaderAndReplicas()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        var id = await client.CreateTopicAsync(name);
        var topic = (await SendAsync(client, Of(name))).Topics.ShouldHaveSingleItem();
        (topic.ErrorCode, topic.TopicId, topic.IsInternal).ShouldBe((ErrorCode.None, id, false));
        var partition = topic.Partitions.ShouldHaveSingleItem();
        (partition.ErrorCode, partition.LeaderId).ShouldBe((ErrorCode.None, 1));
        partition.ReplicaNodes.ShouldBe([1]);
        partition.IsrNodes.ShouldBe([1]);
        partition.OfflineReplicas.ShouldBeEmpty();
        partition.EligibleLeaderReplicas.ShouldNotBeNull().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not-there", ErrorCode.UnknownTopicOrPartition)]
    [InlineData("bad name", ErrorCode.InvalidTopicException)]
    public async Task Topic_ThatIsNotThere_IsAnErrorOfItsOwn(string name, ErrorCode error)
    {
        await using var client = await fixture.ConnectAsync();
        (await SendAsync(client, Of(name))).Topics.ShouldHaveSingleItem().ErrorCode.ShouldBe(error);
    }

    [Fact]
    public async Task Cursor_OfATopicThatWasNotAskedFor_IsRefused()
    {
        await using var client = await fixture.ConnectAsync();
        var request = Of("asked");
        request.Cursor = new() { TopicName = "other", PartitionIndex = 0 };
        (await SendAsync(client, request)).Topics.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    private static DescribeTopicPartitionsRequest Of(string name) => new() { Topics = [new() { Name = name }] };

    private static Task<DescribeTopicPartitionsResponse> SendAsync(KafkaConnection client, DescribeTopicPartitionsRequest request) =>
        client.SendAsync(request, 0).WaitAsync(TestTime.Limit);
}
