using System.Collections.Immutable;

namespace SchemaStream.Broker.Raft.Log;

/// <summary>
/// Whose votes and copies count, and where their controller listeners are: the endpoints travel in the log, so that
/// whoever has the log can reach the quorum.
/// </summary>
public sealed class VoterSet : IEquatable<VoterSet>
{
    private readonly ImmutableSortedDictionary<NodeId, HostAndPort?> _endpoints;

    /// <summary>Voters whose endpoints come from elsewhere.</summary>
    public VoterSet(IEnumerable<NodeId> nodes)
        : this(nodes.ToImmutableSortedDictionary(node => node, _ => (HostAndPort?)null))
    {
    }

    /// <summary>Voters with the endpoints of their controller listeners; null for one that has none, as a lone one may.</summary>
    public VoterSet(ImmutableSortedDictionary<NodeId, HostAndPort?> endpoints)
    {
        _endpoints = endpoints;
        Nodes = [.. endpoints.Keys];
    }

    public ImmutableSortedSet<NodeId> Nodes { get; }

    public int Majority => Nodes.Count / 2 + 1;

    public bool Contains(NodeId node) => Nodes.Contains(node);

    /// <summary>Where the voter's controller listener is; null where the set does not say.</summary>
    public HostAndPort? EndpointOf(NodeId node) => _endpoints.GetValueOrDefault(node);

    public VoterSet With(NodeId node, HostAndPort? endpoint = null) => new(_endpoints.SetItem(node, endpoint));

    public VoterSet Without(NodeId node) => new(_endpoints.Remove(node));

    public bool Equals(VoterSet? other) =>
        other is not null && _endpoints.SequenceEqual(other._endpoints);

    public override bool Equals(object? obj) => Equals(obj as VoterSet);

    public override int GetHashCode() => Nodes.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join(',', Nodes);
}
