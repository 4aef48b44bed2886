using System.Net.Sockets;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Cli.Registries;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Errors;

/// <summary>Makes of what was thrown what a command tells. The one place that knows both.</summary>
internal static class ErrorTranslation
{
    /// <summary>Null for what is not expected to be thrown.</summary>
    public static CliError? Of(Exception failure) => failure switch
    {
        CliException told => told.Error,
        RegistryUnreachableException gone => ErrorCatalog.RegistryUnreachable.Of("The schema registry cannot be reached.", gone.Message),
        RegistryException refused => Of(refused),
        RegistryCopyException { IsUnreachable: true } => ErrorCatalog.RegistryUnreachable.Of("The schema registry cannot be reached.", failure.Message),
        RegistryCopyException { Status: 401 or 403 } => ErrorCatalog.Unauthorised.Of("The registry does not allow it.", failure.Message),
        RegistryCopyException refused => ErrorCatalog.RegistryRefuses.Of("The registry could not be copied.", refused.Message),
        HttpRequestException gone => ErrorCatalog.RegistryUnreachable.Of("The schema registry cannot be reached.", gone.Message),
        KafkaErrorException refused => Of(refused.Error, refused.Message),
        ToolUsageException usage => ErrorCatalog.Usage.Of(usage.Message),
        ToolFailedException { Error: not ErrorCode.None } refused => Of(refused.Error, refused.Message),
        ToolFailedException failed => ErrorCatalog.BrokersRefuse.Of(failed.Message),
        CodecException misfit => ErrorCatalog.ValueInvalid.Of(misfit.Message),
        SocketException or TimeoutException or KafkaConnectionClosedException or ProtocolException =>
            ErrorCatalog.BrokersUnreachable.Of("No broker answers.", failure.Message),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => ErrorCatalog.FileUnusable.Of(failure.Message),
        IOException { InnerException: SocketException } => ErrorCatalog.BrokersUnreachable.Of("No broker answers.", failure.Message),
        IOException => ErrorCatalog.FileUnusable.Of(failure.Message),
        _ => null,
    };

    private static CliError Of(ErrorCode error, string message)
    {
        var cause = message.Contains(error.ToString(), StringComparison.Ordinal) ? message : $"{message} (Kafka's error {error})";
        return error switch
        {
            ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId => ErrorCatalog.TopicUnknown.Of("There is no such topic or partition.", cause),
            ErrorCode.GroupIdNotFound => ErrorCatalog.GroupUnknown.Of("There is no such group.", cause),
            ErrorCode.NonEmptyGroup or ErrorCode.GroupSubscribedToTopic or ErrorCode.UnknownMemberId =>
                ErrorCatalog.GroupInUse.Of("The group has members.", cause),
            ErrorCode.TopicAlreadyExists => ErrorCatalog.TopicThere.Of("The topic is there already.", cause),
            ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
                or ErrorCode.SaslAuthenticationFailed or ErrorCode.TransactionalIdAuthorizationFailed =>
                ErrorCatalog.Unauthorised.Of("The brokers do not allow it.", cause),
            _ => ErrorCatalog.BrokersRefuse.Of("The brokers refuse.", cause),
        };
    }

    private static CliError Of(RegistryException refused) => refused switch
    {
        { ErrorCode: RegistryErrorCodes.Incompatible } => ErrorCatalog.Incompatible.Of("The registry refuses the schema.", refused.Message),
        { ErrorCode: RegistryErrorCodes.ContractViolated } => ErrorCatalog.ContractViolated.Of("The topic's contract refuses it.", refused.Message),
        { ErrorCode: RegistryErrorCodes.SubjectNotFound or RegistryErrorCodes.VersionNotFound or RegistryErrorCodes.SchemaNotFound } =>
            ErrorCatalog.SubjectUnknown.Of("The registry does not have it.", refused.Message),
        { ErrorCode: RegistryErrorCodes.ContractNotFound } => ErrorCatalog.ContractUnknown.Of("The topic has no contract.", refused.Message),
        { ErrorCode: RegistryErrorCodes.InvalidSchema } => ErrorCatalog.SchemaInvalid.Of("The registry does not take the schema.", refused.Message),
        { Status: 401 or 403 } => ErrorCatalog.Unauthorised.Of("The registry does not allow it.", refused.Message),
        _ => ErrorCatalog.RegistryRefuses.Of("The registry refuses.", refused.Message),
    };
}
