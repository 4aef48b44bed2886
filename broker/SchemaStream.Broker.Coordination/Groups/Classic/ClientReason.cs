namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>Why a client says that it joins or leaves (KIP-800); for reports.</summary>
internal static class ClientReason
{
    private const int Longest = 255;

    /// <summary>As much of it as is worth keeping.</summary>
    public static string Of(string reason) => reason.Length > Longest ? reason[..Longest] : reason;
}
