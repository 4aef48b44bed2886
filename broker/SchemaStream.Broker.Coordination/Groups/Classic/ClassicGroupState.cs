namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>
/// Where a classic group is. Empty → PreparingRebalance on the first join; PreparingRebalance → CompletingRebalance once
/// all have joined (or the time is up), → Empty if no one is left; CompletingRebalance → Stable with the leader's
/// assignment; Stable and CompletingRebalance → PreparingRebalance when membership changes. A group that is not there
/// is shown as Dead.
/// </summary>
internal enum ClassicGroupState
{
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
}
