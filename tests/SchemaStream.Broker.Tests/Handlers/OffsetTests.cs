using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class OffsetTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(6, 5)]
    [InlineData(8, 7)]
    [InlineData(9, 9)]
    public async Task Offsets_AreKept(short commitVersion, short fetchVersion)
    {
        await using var client = await fixture.ConnectAsync();
        var (groupId, topic) = (fixture.NewName("group"), fixture.NewName());
        await client.CreateTopicAsync(topic, 2);
        var committed = await client.SendAsync(Commit(groupId, topic, (0, 17), (7, 18)), commitVersion).WaitAsync(TestTime.Limit);
        committed.Topics[0].Partitions.Select(partition => (partition.PartitionIndex, partition.ErrorCode)).ShouldBe(
            [(0, ErrorCode.None), (7, ErrorCode.UnknownTopicOrPartition)]);

        var fetched = await FetchAsync(client, groupId, topic, fetchVersion);
        fetched.ShouldBe([(0, 17L, "note"), (1, -1L, "")]);
    }

    [Fact]
    public async Task Offsets_ByTopicId()
    {
        await using var client = await fixture.ConnectAsync();
        var (groupId, topic) = (fixture.NewName("group"), fixture.NewName());
        var id = await client.CreateTopicAsync(topic);
        var commit = Commit(groupId, "", (0, 5));
        commit.Topics[0].TopicId = id;
        commit.Topics.Add(new() { TopicId = Guid.NewGuid(), Partitions = [new() { PartitionIndex = 0, CommittedOffset = 1, CommittedMetadata = null }] });
        var committed = await client.SendAsync(commit, 10).WaitAsync(TestTime.Limit);
        committed.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        committed.Topics[1].Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicId);

        var unknown = Guid.NewGuid();
        var request = new OffsetFetchRequest
        {
            Groups = [new() { GroupId = groupId, Topics = [new() { TopicId = id, PartitionIndexes = [0] }, new() { TopicId = unknown, PartitionIndexes = [0] }] }],
        };
        var group = (await client.SendAsync(request, 10).WaitAsync(TestTime.Limit)).Groups[0];
        group.Topics.Single(one => one.TopicId == id).Partitions[0].CommittedOffset.ShouldBe(5);
        group.Topics.Single(one => one.TopicId == unknown).Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicId);
    }

    [Fact]
    public async Task AllOffsets_OfAGroup_AreToldForNull()
    {
        await using var client = await fixture.ConnectAsync();
        var (groupId, topic) = (fixture.NewName("group"), fixture.NewName());
        await client.CreateTopicAsync(topic, 3);
        await client.SendAsync(Commit(groupId, topic, (0, 1), (2, 3)), 8).WaitAsync(TestTime.Limit);
        var single = await client.SendAsync(new OffsetFetchRequest { GroupId = groupId, Topics = null }, 6);
        single.Topics[0].Partitions.Select(partition => partition.CommittedOffset).ShouldBe([1, 3], ignoreOrder: true);
        var several = await client.SendAsync(
            new OffsetFetchRequest { Groups = [new() { GroupId = groupId, Topics = null }, new() { GroupId = "never-seen", Topics = null }] }, 8);
        several.Groups[0].Topics[0].Partitions.Count.ShouldBe(2);
        (several.Groups[1].ErrorCode, several.Groups[1].Topics.Count).ShouldBe((ErrorCode.None, 0));
    }

    [Fact]
    public async Task Commit_OfAMemberThatIsUnknown_IsRefused()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        var request = Commit(fixture.NewName("group"), topic, (0, 5));
        (request.MemberId, request.GenerationIdOrMemberEpoch) = ("nobody", 3);
        var response = await client.SendAsync(request, 8).WaitAsync(TestTime.Limit);
        response.Topics[0].Partitions[0].ErrorCode.ShouldBeOneOf(ErrorCode.UnknownMemberId, ErrorCode.IllegalGeneration);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(922_337_203_685_478)]
    [InlineData(long.MinValue)]
    public async Task Commit_WithARetentionBeyondMeasure_IsKept(long retentionMs)
    {
        await using var client = await fixture.ConnectAsync();
        var (groupId, topic) = (fixture.NewName("group"), fixture.NewName());
        await client.CreateTopicAsync(topic, 2);
        var request = Commit(groupId, topic, (0, 5));
        request.RetentionTimeMs = retentionMs;
        var response = await client.SendAsync(request, 3).WaitAsync(TestTime.Limit);
        response.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        (await FetchAsync(client, groupId, topic, 5))[0].ShouldBe((0, 5L, "note"));
    }

    [Fact]
    public async Task Commit_WithTooLongANote_IsRefusedForItsPartition()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic, 2);
        var request = Commit(fixture.NewName("group"), topic, (0, 5), (1, 6));
        request.Topics[0].Partitions[0].CommittedMetadata = new string('x', 5000);
        var response = await client.SendAsync(request, 8).WaitAsync(TestTime.Limit);
        response.Topics[0].Partitions.Select(partition => partition.ErrorCode).ShouldBe([ErrorCode.OffsetMetadataTooLarge, ErrorCode.None]);
    }

    [Fact]
    public async Task Offsets_CanBeForgotten()
    {
        await using var client = await fixture.ConnectAsync();
        var (groupId, topic) = (fixture.NewName("group"), fixture.NewName());
        await client.CreateTopicAsync(topic, 2);
        await client.SendAsync(Commit(groupId, topic, (0, 1), (1, 2)), 8).WaitAsync(TestTime.Limit);
        var request = new OffsetDeleteRequest { GroupId = groupId, Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0 }] }] };
        var response = await client.SendAsync(request, 0).WaitAsync(TestTime.Limit);
        response.ErrorCode.ShouldBe(ErrorCode.None);
        response.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        (await FetchAsync(client, groupId, topic, 7)).ShouldBe([(0, -1L, ""), (1, 2L, "note")]);
    }

    private static OffsetCommitRequest Commit(string groupId, string topic, params (int Partition, long Offset)[] offsets) => new()
    {
        GroupId = groupId,
        GenerationIdOrMemberEpoch = -1,
        Topics =
        [
            new()
            {
                Name = topic,
                Partitions =
                [
                    .. offsets.Select(one => new OffsetCommitRequest.OffsetCommitRequestPartition
                    {
                        PartitionIndex = one.Partition,
                        CommittedOffset = one.Offset,
                        CommittedMetadata = "note",
                    }),
                ],
            },
        ],
    };

    private static async Task<List<(int Partition, long Offset, string Metadata)>> FetchAsync(
        KafkaConnection client, string groupId, string topic, short version)
    {
        if (version < 8)
        {
            var request = new OffsetFetchRequest { GroupId = groupId, Topics = [new() { Name = topic, PartitionIndexes = [0, 1] }] };
            var response = await client.SendAsync(request, version).WaitAsync(TestTime.Limit);
            return response.Topics[0].Partitions.ConvertAll(one => (one.PartitionIndex, one.CommittedOffset, one.Metadata ?? ""));
        }

        var several = new OffsetFetchRequest { Groups = [new() { GroupId = groupId, Topics = [new() { Name = topic, PartitionIndexes = [0, 1] }] }] };
        var answer = await client.SendAsync(several, version).WaitAsync(TestTime.Limit);
        return answer.Groups[0].Topics[0].Partitions.ConvertAll(one => (one.PartitionIndex, one.CommittedOffset, one.Metadata ?? ""));
    }
}
