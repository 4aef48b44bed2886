namespace SchemaStream.Registry.Security.Permissions;

/// <summary>What may be done with subjects.</summary>
[Flags]
public enum Permission
{
    None = 0,

    /// <summary>See schemas, versions, settings and contracts.</summary>
    Read = 1,

    /// <summary>Register schemas and tags, bind contracts.</summary>
    Write = 2,

    /// <summary>Delete versions and subjects, softly or for good.</summary>
    Delete = 4,

    /// <summary>Try schemas for compatibility, and set the level that is asked for: <c>/compatibility</c> and <c>/config</c>.</summary>
    Compatibility = 8,

    /// <summary>Everything, modes and imports included.</summary>
    Admin = 16,
}
