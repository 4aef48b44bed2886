namespace SchemaStream.Registry.Client;

/// <summary>The error codes that a program may want to tell apart.</summary>
public static class RegistryErrorCodes
{
    /// <summary>The subject is unknown.</summary>
    public const int SubjectNotFound = 40401;

    /// <summary>The subject has no such version.</summary>
    public const int VersionNotFound = 40402;

    /// <summary>The schema or id is unknown.</summary>
    public const int SchemaNotFound = 40403;

    /// <summary>The subject has no compatibility level of its own.</summary>
    public const int SubjectConfigNotFound = 40408;

    /// <summary>The topic has no contract. Only registries that offer contracts answer this.</summary>
    public const int ContractNotFound = 40420;

    /// <summary>The schema is incompatible with an earlier one of the subject.</summary>
    public const int Incompatible = 40901;

    /// <summary>The topic's contract says otherwise.</summary>
    public const int ContractViolated = 40910;

    /// <summary>The schema, its type or a reference is not valid.</summary>
    public const int InvalidSchema = 42201;

    /// <summary>The registry's mode does not permit the change.</summary>
    public const int OperationNotPermitted = 42205;

    /// <summary>Something still refers to the schema.</summary>
    public const int ReferenceExists = 42206;

    /// <summary>The reply was not what the API promises; made by the client, never sent.</summary>
    public const int UnreadableReply = 50005;
}
