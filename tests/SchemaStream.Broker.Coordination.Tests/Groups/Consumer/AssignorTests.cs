using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Consumer;

public sealed class AssignorTests
{
    private static readonly TestTopics Topics = TestTopics.Of(("a", 5), ("b", 2), ("c", 3));

    [Fact]
    public void Range_GivesEachMemberARangeOfEachTopic()
    {
        var assigned = RangeAssignor.Assign([Member("m1", "a", "b"), Member("m2", "a", "b"), Member("m3", "a")]);
        Topics.Show(assigned["m1"]).ShouldBe("a/0 a/1 b/0");
        Topics.Show(assigned["m2"]).ShouldBe("a/2 a/3 b/1");
        Topics.Show(assigned["m3"]).ShouldBe("a/4");
    }

    [Fact]
    public void Range_PutsStaticMembersFirst_ByTheirNames()
    {
        var assigned = RangeAssignor.Assign([Member("m1", "b"), Member("m2", "b") with { InstanceId = "z" }, Member("m3", "b") with { InstanceId = "y" }]);
        (Topics.Show(assigned["m3"]), Topics.Show(assigned["m2"]), Topics.Show(assigned["m1"])).ShouldBe(("b/0", "b/1", ""));
    }

    [Fact]
    public void Uniform_MovesNoMoreThanItMust()
    {
        var first = UniformAssignor.Assign([Member("m1", "a"), Member("m2", "a")]);
        (first["m1"].Count, first["m2"].Count).ShouldBe((3, 2));
        var second = UniformAssignor.Assign(
            [Member("m1", "a") with { Previous = first["m1"] }, Member("m2", "a") with { Previous = first["m2"] }, Member("m3", "a")]);
        second["m1"].IsSubsetOf(first["m1"]).ShouldBeTrue();
        second["m2"].ShouldBe(first["m2"]);
        second["m3"].Count.ShouldBe(1);
    }

    [Fact]
    public void Uniform_OverDifferentSubscriptions_IsAsEvenAsTheyAllow()
    {
        var assigned = UniformAssignor.Assign([Member("m1", "a", "b", "c"), Member("m2", "b"), Member("m3", "c")]);
        assigned.Values.Sum(partitions => partitions.Count).ShouldBe(10);
        (assigned["m1"].Count, assigned["m2"].Count, assigned["m3"].Count).ShouldBe((5, 2, 3));
    }

    [Fact]
    public void Uniform_OfAnySeed_GivesEveryPartitionToOneReaderAndIsEven()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            var topics = new TestTopics();
            for (var i = 0; i < 4; i++)
            {
                topics = topics.With($"t{i}", random.Next(0, 8));
            }

            var same = random.Next(2) == 0;
            var members = Enumerable.Range(0, random.Next(1, 6)).Select(i => new AssignedMember(
                $"m{i}",
                null,
                [.. topics.Names.Where(_ => same || random.Next(2) == 0).Select(name => topics.TryGet(name, out var topic) ? topic : default)],
                PartitionSet.Of(topics.All([.. topics.Names]).Where(_ => random.Next(3) == 0)))).ToArray();
            var assigned = UniformAssignor.Assign(members);
            var all = assigned.Values.SelectMany(partitions => partitions).ToArray();
            all.ShouldBeUnique($"seed {seed}");
            PartitionSet.Of(all).ShouldBe(
                topics.All([.. members.SelectMany(member => member.Topics.Select(topic => topic.Name)).Distinct()]), $"seed {seed}");
            foreach (var member in members)
            {
                var readable = topics.All([.. member.Topics.Select(topic => topic.Name)]);
                assigned[member.MemberId].IsSubsetOf(readable).ShouldBeTrue($"seed {seed}");
            }

            if (same)
            {
                (assigned.Values.Max(partitions => partitions.Count) - assigned.Values.Min(partitions => partitions.Count))
                    .ShouldBeLessThanOrEqualTo(1, $"seed {seed}");
            }
        }
    }

    private static AssignedMember Member(string memberId, params string[] topics) =>
        new(memberId, null, [.. topics.Select(name => Topics.TryGet(name, out var topic) ? topic : default)], PartitionSet.Empty);
}
