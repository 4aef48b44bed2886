using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>A member as an assignor sees it.</summary>
/// <param name="Topics">What it reads, of the topics that there are.</param>
/// <param name="Previous">What it was to have until now.</param>
internal sealed record AssignedMember(string MemberId, string? InstanceId, IReadOnlyList<GroupTopic> Topics, PartitionSet Previous);

/// <summary>The assignors that a member can ask for by name.</summary>
public static class Assignors
{
    /// <summary>Everyone the same number of partitions, and as few moves as that takes.</summary>
    public const string Uniform = "uniform";

    /// <summary>Of each topic a range of partitions: those who read several topics alike have the same numbers of each.</summary>
    public const string Range = "range";

    /// <summary>All there are.</summary>
    public static IReadOnlyList<string> All { get; } = [Uniform, Range];

    internal static IReadOnlyDictionary<string, PartitionSet> Assign(string assignor, IReadOnlyList<AssignedMember> members) =>
        assignor == Range ? RangeAssignor.Assign(members) : UniformAssignor.Assign(members);
}
