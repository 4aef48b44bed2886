using SchemaStream.Transport;

namespace SchemaStream.Tests.Consuming;

/// <summary>Lets partitions come and go.</summary>
internal sealed class NoListener : IAssignmentListener
{
    public IReadOnlyDictionary<int, long>? OnAssigned(
        IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment, Func<IReadOnlyList<long>> committed) => null;

    public void OnRevoking(IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment)
    {
    }

    public void OnLost(IReadOnlyList<AssignedPartition> partitions)
    {
    }
}
