using System.Text;
using System.Xml.Linq;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Transports;

namespace Adapter.Host.Delivery.Outcomes;

/// <summary>The question whether a message took effect. Goes through the same transport as the message itself, under an id of its own.</summary>
internal static class InquiryMessage
{
    public static SoapCall For(Destination destination, Inquiry inquiry, string messageId)
    {
        var root = XName.Get(inquiry.Request);
        var body = new XElement(root, new XElement(root.Namespace + inquiry.RequestId, messageId));
        return new SoapCall(
            destination, destination.Soap, inquiry.Action, Encoding.UTF8.GetBytes(body.ToString(SaveOptions.DisableFormatting)), Guid.NewGuid().ToString("N"));
    }
}
