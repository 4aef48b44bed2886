namespace SchemaStream.Registry.Core;

/// <summary>Confluent's error codes, and those of topic contracts. The first three digits are the HTTP status.</summary>
public static class ErrorCodes
{
    public const int SubjectNotFound = 40401;
    public const int VersionNotFound = 40402;
    public const int SchemaNotFound = 40403;
    public const int SubjectSoftDeleted = 40404;
    public const int SubjectNotSoftDeleted = 40405;
    public const int VersionSoftDeleted = 40406;
    public const int VersionNotSoftDeleted = 40407;
    public const int SubjectConfigNotFound = 40408;
    public const int SubjectModeNotFound = 40409;
    public const int AssociationNotFound = 40410;
    public const int Incompatible = 40901;
    public const int ResourceAssociated = 40903;
    public const int SubjectAssociated = 40904;
    public const int SubjectStronglyAssociated = 40905;
    public const int NoActiveVersion = 40907;
    public const int AssociationFrozen = 40908;
    public const int InvalidSchema = 42201;
    public const int InvalidVersion = 42202;
    public const int InvalidCompatibilityLevel = 42203;
    public const int InvalidMode = 42204;
    public const int OperationNotPermitted = 42205;
    public const int ReferenceExists = 42206;
    public const int InvalidSubject = 42208;
    public const int SchemaTooLarge = 42209;
    public const int InvalidRuleSet = 42210;
    public const int ContextNotEmpty = 42211;
    public const int InvalidAssociation = 42212;
    public const int StoreFailed = 50001;
    public const int StoreTimedOut = 50002;
    public const int ForwardingFailed = 50003;
    public const int LeaderUnknown = 50004;

    // Ours. Confluent's associations keep 40410 and 40903-40908 to themselves.
    public const int ContractNotFound = 40420;
    public const int ContractViolated = 40910;
    public const int InvalidContract = 42220;
}
