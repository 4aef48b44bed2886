namespace SchemaStream.Hosting.Settings;

/// <summary>What becomes of a record that cannot be read, where there is no dead-letter topic for it.</summary>
public enum DecodeFailureAction
{
    /// <summary>Reading ends with the exception, and the host with it.</summary>
    Throw = 0,

    /// <summary>The record is logged, counted and passed over.</summary>
    Skip = 1,
}

/// <summary>The same in the SDK's words.</summary>
internal static class DecodeFailurePolicies
{
    /// <summary>The policy.</summary>
    /// <param name="action">What becomes of a record.</param>
    public static FailurePolicy ToPolicy(this DecodeFailureAction action) =>
        action == DecodeFailureAction.Skip ? FailurePolicy.Skip : FailurePolicy.Throw;
}
