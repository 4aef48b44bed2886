namespace SchemaStream.Transport.Native;

/// <summary>The error codes of <c>rd_kafka_resp_err_t</c> that the transport acts upon; all others are only reported.</summary>
internal static class NativeErrors
{
    public const int None = 0;
    public const int Fatal = -150;
    public const int PurgedInQueue = -152;
    public const int Fenced = -144;
    public const int InvalidProducerEpoch = 47;
    public const int ProducerFenced = 90;
    public const int PartitionEnd = -191;
    public const int TimedOut = -185;
    public const int WrongState = -172;
    public const int AssignPartitions = -175;
    public const int RevokePartitions = -174;
    public const int MessageTimedOut = -192;
    public const int UnknownPartition = -190;
    public const int QueueFull = -184;
    public const int NoOffset = -168;
    public const int NoOffsetToResetTo = -140;
    public const int MessageTooLarge = 10;
    public const int TopicAuthorizationFailed = 29;
    public const int GroupAuthorizationFailed = 30;
    public const int InconsistentGroupProtocol = 23;
}
