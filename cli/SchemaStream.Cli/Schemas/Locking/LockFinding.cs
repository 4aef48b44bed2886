using System.Reflection;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary>A change of what a lock file promises.</summary>
/// <param name="Code">The analyzer's own: SST101.</param>
/// <param name="Message">What changed, what it breaks, and what to do.</param>
/// <param name="Contract">The contract as the program has it.</param>
/// <param name="Member">The member that changed, where it is known.</param>
internal sealed record LockFinding(string Code, string Message, ProgramContract Contract, MemberInfo? Member = null)
{
    public const string Incompatible = "SST101";
    public const string OtherType = "SST102";
    public const string Outdated = "SST103";
    public const string Frozen = "SST106";

    /// <summary>Whether it breaks the promise.</summary>
    public bool IsBreaking => Code != Outdated;
}
