using System.Collections.Immutable;

namespace SchemaStream.Broker.Raft.Log;

/// <summary>Whose votes and copies count.</summary>
public sealed class VoterSet(IEnumerable<NodeId> nodes) : IEquatable<VoterSet>
{
    public ImmutableSortedSet<NodeId> Nodes { get; } = [.. nodes];

    public int Majority => Nodes.Count / 2 + 1;

    public bool Contains(NodeId node) => Nodes.Contains(node);

    public VoterSet With(NodeId node) => new(Nodes.Add(node));

    public VoterSet Without(NodeId node) => new(Nodes.Remove(node));

    public bool Equals(VoterSet? other) => other is not null && Nodes.SetEquals(other.Nodes);

    public override bool Equals(object? obj) => Equals(obj as VoterSet);

    public override int GetHashCode() => Nodes.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join(',', Nodes);
}
