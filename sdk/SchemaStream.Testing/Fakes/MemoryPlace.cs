using System.Runtime.InteropServices;

namespace SchemaStream.Testing.Fakes;

/// <summary>A member's place in its group, for a transaction that commits its positions: until the group rebalances.</summary>
internal sealed class MemoryPlace(MemoryGroup group) : SafeHandle(invalidHandleValue: 0, ownsHandle: false)
{
    private readonly int _generation = group.Generation;

    public MemoryGroup Group { get; } = group;

    /// <summary>Whether the group is still as it was.</summary>
    public bool IsHeld => Group.Generation == _generation;

    public override bool IsInvalid => false;

    protected override bool ReleaseHandle() => true;
}
