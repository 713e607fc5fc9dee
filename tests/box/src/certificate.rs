//! X.509 certificates as data: every field is open, and whatever is changed is signed as changed.

use crate::der;
use crate::hook::Hook;
use crate::keys::{KeyPair, Scheme};

/// An extension; `value` is the content of the OCTET STRING.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// Dotted OID.
    pub oid: String,
    /// Written only when true, as DER asks of a DEFAULT FALSE.
    pub critical: bool,
    /// What the OCTET STRING holds.
    pub value: Vec<u8>,
}

impl Extension {
    /// An extension from its parts.
    pub fn new(oid: &str, critical: bool, value: Vec<u8>) -> Self {
        Self { oid: oid.to_owned(), critical, value }
    }

    /// `SEQUENCE { OID, BOOLEAN DEFAULT FALSE, OCTET STRING }`.
    pub fn to_der(&self) -> Vec<u8> {
        let mut items = vec![der::oid(&self.oid)];
        if self.critical {
            items.push(der::boolean(true));
        }
        items.push(der::octets(&self.value));
        der::seq(&items)
    }

    /// Critical name constraints with only `permitted` subtrees, each the TLV of a GeneralName base.
    pub fn permitted_subtrees(bases: &[GeneralName]) -> Self {
        let subtrees: Vec<Vec<u8>> = bases.iter().map(|b| der::seq(&[b.to_der()])).collect();
        Self::new("2.5.29.30", true, der::seq(&[der::context(0, &der::concat(&subtrees))]))
    }

    /// Critical name constraints with only `excluded` subtrees.
    pub fn excluded_subtrees(bases: &[GeneralName]) -> Self {
        let subtrees: Vec<Vec<u8>> = bases.iter().map(|b| der::seq(&[b.to_der()])).collect();
        Self::new("2.5.29.30", true, der::seq(&[der::context(1, &der::concat(&subtrees))]))
    }
}

/// A name in a SubjectAltName.
#[derive(Clone, Debug, PartialEq)]
pub enum GeneralName {
    /// uniformResourceIdentifier.
    Uri(String),
    /// rfc822Name.
    Email(String),
    /// dNSName.
    Dns(String),
    /// Fulcio's otherName 1.3.6.1.4.1.57264.1.7 with a UTF8String: `user!domain`.
    Username(String),
    /// otherName with another type-id and a UTF8String.
    OtherName(String, String),
    /// Any ready TLV.
    Raw(Vec<u8>),
}

impl GeneralName {
    /// The GeneralName's TLV.
    pub fn to_der(&self) -> Vec<u8> {
        match self {
            Self::Email(text) => der::context_primitive(1, text.as_bytes()),
            Self::Dns(text) => der::context_primitive(2, text.as_bytes()),
            Self::Uri(text) => der::context_primitive(6, text.as_bytes()),
            Self::Username(text) => Self::OtherName("1.3.6.1.4.1.57264.1.7".to_owned(), text.clone()).to_der(),
            Self::OtherName(type_id, text) => {
                der::context(0, &[der::oid(type_id), der::context(0, &der::utf8(text))].concat())
            }
            Self::Raw(tlv) => tlv.clone(),
        }
    }
}

/// A distinguished name of an organisation and a common name, each left out when empty.
pub fn name(organization: &str, common_name: &str) -> Vec<u8> {
    let rdn = |oid: &str, text: &str| der::set(&[der::seq(&[der::oid(oid), der::printable(text)])]);
    let mut rdns = Vec::new();
    if !organization.is_empty() {
        rdns.push(rdn("2.5.4.10", organization));
    }
    if !common_name.is_empty() {
        rdns.push(rdn("2.5.4.3", common_name));
    }
    der::seq(&rdns)
}

/// BasicConstraints.
#[derive(Clone, Debug, PartialEq)]
pub struct BasicConstraints {
    /// cA.
    pub ca: bool,
    /// pathLenConstraint.
    pub path_len: Option<u8>,
    /// Whether the extension is critical.
    pub critical: bool,
}

/// KeyUsage.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyUsage {
    /// Bit numbers of RFC 5280 §4.2.1.3: 0 digitalSignature, 5 keyCertSign, 6 cRLSign.
    pub bits: Vec<u8>,
    /// Whether the extension is critical.
    pub critical: bool,
}

/// ExtendedKeyUsage.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtendedKeyUsage {
    /// Dotted OIDs ([`CODE_SIGNING`] and the like).
    pub purposes: Vec<String>,
    /// Whether the extension is critical.
    pub critical: bool,
}

/// SubjectAltName.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectAltName {
    /// The names, in order.
    pub names: Vec<GeneralName>,
    /// Whether the extension is critical.
    pub critical: bool,
}

/// The code signing purpose.
pub const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
/// The time stamping purpose.
pub const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
/// The TLS server purpose, for negative tests.
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
/// Any purpose.
pub const ANY_PURPOSE: &str = "2.5.29.37.0";

/// Everything a certificate says, and the key that it certifies.
#[derive(Clone, Debug)]
pub struct CertificateSpec {
    /// The certified key; it also signs what this certificate issues.
    pub key: KeyPair,
    /// The scheme with which this certificate issues others; `None` is the key's own.
    pub issues_with: Option<Scheme>,
    /// The subject's DER.
    pub subject: Vec<u8>,
    /// The serial number, big-endian.
    pub serial: Vec<u8>,
    /// Unix seconds.
    pub not_before: i64,
    /// Unix seconds.
    pub not_after: i64,
    /// BasicConstraints.
    pub basic_constraints: Option<BasicConstraints>,
    /// KeyUsage.
    pub key_usage: Option<KeyUsage>,
    /// ExtendedKeyUsage.
    pub extended_key_usage: Option<ExtendedKeyUsage>,
    /// SubjectAltName.
    pub subject_alt_name: Option<SubjectAltName>,
    /// SubjectKeyIdentifier, also put into the AKI of what this certificate issues.
    pub subject_key_id: Option<Vec<u8>>,
    /// Whether an AuthorityKeyIdentifier is written (when the issuer has a key id).
    pub authority_key_id: bool,
    /// More extensions, after the ones above.
    pub extra_extensions: Vec<Extension>,
    /// Edits the certificate before it is signed (for a leaf: before the SCTs are made).
    pub alter_tbs: Hook<Tbs>,
    /// Edits the parts of the certificate after it is signed.
    pub alter_signed: Hook<SignedCertificate>,
    /// Edits the finished bytes.
    pub alter_der: Hook<Vec<u8>>,
}

impl CertificateSpec {
    /// An end entity: a digital signature key without a name, key ids and BasicConstraints.
    pub fn end_entity(key: KeyPair, not_before: i64, not_after: i64) -> Self {
        Self {
            serial: [&[0x5a], &key.id()[..19]].concat(),
            subject: name("", ""),
            subject_key_id: Some(key.key_identifier()),
            key,
            issues_with: None,
            not_before,
            not_after,
            basic_constraints: None,
            key_usage: Some(KeyUsage { bits: vec![0], critical: true }),
            extended_key_usage: None,
            subject_alt_name: None,
            authority_key_id: true,
            extra_extensions: Vec::new(),
            alter_tbs: Hook::default(),
            alter_signed: Hook::default(),
            alter_der: Hook::default(),
        }
    }

    /// A CA certificate with this name.
    pub fn ca(key: KeyPair, subject: Vec<u8>, not_before: i64, not_after: i64) -> Self {
        Self {
            subject,
            basic_constraints: Some(BasicConstraints { ca: true, path_len: None, critical: true }),
            key_usage: Some(KeyUsage { bits: vec![5, 6], critical: true }),
            ..Self::end_entity(key, not_before, not_after)
        }
    }

    /// The scheme with which this certificate's key signs certificates.
    pub fn scheme(&self) -> Scheme {
        self.issues_with.unwrap_or_else(|| self.key.scheme(false))
    }

    /// The certificate before signing.
    pub fn tbs(&self, issuer: &CertificateSpec) -> Tbs {
        let mut extensions = Vec::new();
        if let Some(usage) = &self.key_usage {
            extensions.push(Extension::new("2.5.29.15", usage.critical, der::named_bits(&usage.bits)));
        }
        if let Some(eku) = &self.extended_key_usage {
            let oids: Vec<Vec<u8>> = eku.purposes.iter().map(|p| der::oid(p)).collect();
            extensions.push(Extension::new("2.5.29.37", eku.critical, der::seq(&oids)));
        }
        if let Some(bc) = &self.basic_constraints {
            let mut items = Vec::new();
            if bc.ca {
                items.push(der::boolean(true));
            }
            items.extend(bc.path_len.map(|n| der::int(n.into())));
            extensions.push(Extension::new("2.5.29.19", bc.critical, der::seq(&items)));
        }
        if let Some(id) = &self.subject_key_id {
            extensions.push(Extension::new("2.5.29.14", false, der::octets(id)));
        }
        if let (true, Some(id)) = (self.authority_key_id, &issuer.subject_key_id) {
            extensions.push(Extension::new("2.5.29.35", false, der::seq(&[der::context_primitive(0, id)])));
        }
        if let Some(san) = &self.subject_alt_name {
            let names: Vec<Vec<u8>> = san.names.iter().map(GeneralName::to_der).collect();
            extensions.push(Extension::new("2.5.29.17", san.critical, der::seq(&names)));
        }
        extensions.extend(self.extra_extensions.iter().cloned());
        let mut tbs = Tbs {
            version: Some(2),
            serial: der::uint(&self.serial),
            algorithm: issuer.scheme().algorithm(),
            issuer: issuer.subject.clone(),
            validity: der::seq(&[der::time(self.not_before), der::time(self.not_after)]),
            subject: self.subject.clone(),
            spki: self.key.spki(),
            extensions,
        };
        self.alter_tbs.apply(&mut tbs);
        tbs
    }

    /// The finished certificate. A root is issued by itself.
    pub fn issue(&self, issuer: &CertificateSpec) -> Vec<u8> {
        self.sign(&self.tbs(issuer), issuer)
    }

    /// Signs a certificate that was taken from [`CertificateSpec::tbs`] and edited.
    pub fn sign(&self, tbs: &Tbs, issuer: &CertificateSpec) -> Vec<u8> {
        let tbs = tbs.to_der();
        let mut signed = SignedCertificate {
            signature: issuer.key.sign(issuer.scheme(), &tbs),
            algorithm: issuer.scheme().algorithm(),
            tbs,
        };
        self.alter_signed.apply(&mut signed);
        let mut out = signed.to_der();
        self.alter_der.apply(&mut out);
        out
    }
}

/// TBSCertificate: each field is a ready TLV.
#[derive(Clone, Debug)]
pub struct Tbs {
    /// 2 is v3; `None` leaves the field out, which means v1.
    pub version: Option<u8>,
    /// serialNumber.
    pub serial: Vec<u8>,
    /// signature, the inner AlgorithmIdentifier.
    pub algorithm: Vec<u8>,
    /// issuer.
    pub issuer: Vec<u8>,
    /// validity.
    pub validity: Vec<u8>,
    /// subject.
    pub subject: Vec<u8>,
    /// subjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// extensions; the field is left out when there is none.
    pub extensions: Vec<Extension>,
}

impl Tbs {
    /// The bytes to be signed.
    pub fn to_der(&self) -> Vec<u8> {
        let mut items = Vec::new();
        items.extend(self.version.map(|v| der::context(0, &der::int(v.into()))));
        items.extend([
            self.serial.clone(),
            self.algorithm.clone(),
            self.issuer.clone(),
            self.validity.clone(),
            self.subject.clone(),
            self.spki.clone(),
        ]);
        if !self.extensions.is_empty() {
            let all: Vec<Vec<u8>> = self.extensions.iter().map(Extension::to_der).collect();
            items.push(der::context(3, &der::seq(&all)));
        }
        der::seq(&items)
    }

    /// The extension with this OID.
    pub fn extension(&mut self, oid: &str) -> Option<&mut Extension> {
        self.extensions.iter_mut().find(|e| e.oid == oid)
    }
}

/// A signed certificate in its three parts.
#[derive(Clone, Debug)]
pub struct SignedCertificate {
    /// TBSCertificate.
    pub tbs: Vec<u8>,
    /// signatureAlgorithm, the outer one.
    pub algorithm: Vec<u8>,
    /// The signature's bytes, without the BIT STRING.
    pub signature: Vec<u8>,
}

impl SignedCertificate {
    /// The certificate.
    pub fn to_der(&self) -> Vec<u8> {
        der::seq(&[self.tbs.clone(), self.algorithm.clone(), der::bits(&self.signature)])
    }

    /// Signs the (edited) `tbs` again; the two algorithm fields stay as they are.
    pub fn resign(&mut self, issuer: &CertificateSpec) {
        self.signature = issuer.key.sign(issuer.scheme(), &self.tbs);
    }

    /// Takes a finished certificate apart.
    pub fn from_der(certificate: &[u8]) -> Self {
        let parts = der::children(certificate);
        let (_, head, _) = der::header(&parts[2]);
        Self { tbs: parts[0].clone(), algorithm: parts[1].clone(), signature: parts[2][head + 1..].to_vec() }
    }
}
