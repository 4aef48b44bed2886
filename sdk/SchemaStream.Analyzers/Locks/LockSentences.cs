namespace SchemaStream.Analyzers.Locks;

/// <summary>What is said of a change, by the compiler and by the command line: forms for <see cref="string.Format(string, object[])"/>.</summary>
internal static class LockSentences
{
    /// <summary>The rule, why, the contract, its level, and what to do.</summary>
    public const string Incompatible = "{0}: {1}. The contract {2} is {3}: {4}.";

    /// <summary>The contract, the type that it carries, the type of the code, and how to keep the name.</summary>
    public const string OtherType =
        "The contract {0} carries {1}, the code now says {2}. A topic's type never changes: {3}, or make a new topic and migrate to it.";

    /// <summary>The contract.</summary>
    public const string Frozen =
        "The contract {0} is FROZEN, as a key's schema is: another schema id would change the key's bytes, and so its partition. Undo the change, or make a new topic and migrate to it.";

    /// <summary>The contract.</summary>
    public const string Outdated = "The schema of {0} changed in a compatible way: update schemas.lock with 'schemastream schemas lock'";
}
